class Resolv
  class IPv4
    Regex256 = /0|1(?:[0-9][0-9]?)?|2(?:[0-4][0-9]?|5[0-5]?|[6-9])?|[3-9][0-9]?/x
    Regex = /\A(#{Regex256})\.(#{Regex256})\.(#{Regex256})\.(#{Regex256})\z/
    attr_reader :address

    def self.create(value)
      return value if value.is_a?(IPv4)
      raise ArgumentError, "cannot interpret as IPv4 address: #{value.inspect}" unless value.is_a?(String)
      raise ArgumentError, "cannot interpret as IPv4 address: #{value.inspect}" unless Regex =~ value
      new([$1, $2, $3, $4].map(&:to_i).pack('C4'))
    end

    def initialize(address)
      @address = address
    end

    def to_s = @address.unpack('C4').join('.')
    def inspect = "#<#{self.class} #{self}>"
    def to_name = "#{@address.unpack('C4').reverse.join('.')}.in-addr.arpa."
    def ==(other) = other.is_a?(IPv4) && to_s == other.to_s
    def eql?(other) = self == other
    def hash = to_s.hash
  end

  class IPv6
    Regex_8Hex = /\A(?:[0-9A-Fa-f]{1,4}:){7}[0-9A-Fa-f]{1,4}\z/x
    Regex_CompressedHex = /\A((?:[0-9A-Fa-f]{1,4}(?::[0-9A-Fa-f]{1,4})*)?) :: ((?:[0-9A-Fa-f]{1,4}(?::[0-9A-Fa-f]{1,4})*)?)\z/x
    Regex_6Hex4Dec = /\A((?:[0-9A-Fa-f]{1,4}:){6,6})(\d+)\.(\d+)\.(\d+)\.(\d+)\z/x
    Regex_CompressedHex4Dec = /\A((?:[0-9A-Fa-f]{1,4}(?::[0-9A-Fa-f]{1,4})*)?) :: ((?:[0-9A-Fa-f]{1,4}:)*)(\d+)\.(\d+)\.(\d+)\.(\d+)\z/x
    Regex = /(?:#{Regex_8Hex})|(?:#{Regex_CompressedHex})|(?:#{Regex_6Hex4Dec})|(?:#{Regex_CompressedHex4Dec})/x
  end

  AddressRegex = /(?:#{IPv4::Regex})|(?:#{IPv6::Regex})/
end
