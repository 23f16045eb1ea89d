class CSV
  include Enumerable

  class MalformedCSVError < RuntimeError
    attr_reader :line_number
    alias lineno line_number

    def initialize(message, line_number)
      @line_number = line_number
      super("#{message} in line #{line_number}.")
    end
  end

  class Row
    include Enumerable
    attr_reader :fields, :headers

    def initialize(headers, fields, header_row = false)
      @headers = headers
      count = [headers.length, fields.length].max
      @headers += [nil] * (count - headers.length)
      @fields = fields + [nil] * (count - fields.length)
      @header_row = header_row
    end

    def header_row? = @header_row
    def field_row? = !@header_row
    def field(key) = key.is_a?(Integer) ? @fields[key] : (at = @headers.index(key)) && @fields[at]
    alias [] field

    def fetch(key, *default)
      at = @headers.index(key)
      return @fields[at] if at
      return yield(key) if block_given?
      return default.first unless default.empty?
      raise KeyError, "key not found: #{key}"
    end

    def []=(key, value)
      at = key.is_a?(Integer) ? key : @headers.index(key)
      if at
        @fields[at] = value
      else
        @headers += [key]
        @fields << value
      end
    end

    def <<(field)
      field.is_a?(Array) && field.length == 2 ? self[field[0]] = field[1] : (@headers += [nil]; @fields << field)
      self
    end

    def has_key?(name) = @headers.include?(name)
    alias header? has_key?
    alias include? has_key?
    alias key? has_key?
    alias member? has_key?
    def field?(value) = @fields.include?(value)
    def values_at(*keys) = keys.map { |key| field(key) }
    def dig(key, *more) = more.empty? || field(key).nil? ? field(key) : field(key).dig(*more)
    def delete(key)
      at = @headers.index(key) or return []
      @headers = @headers.dup
      [@headers.delete_at(at), @fields.delete_at(at)]
    end
    def size = @fields.size
    alias length size
    def to_a = @headers.zip(@fields)
    def each(&block)
      return to_a.each unless block
      to_a.each(&block)
      self
    end
    alias each_pair each
    def to_h = to_a.reverse.to_h.then { |pairs| @headers.uniq.to_h { |header| [header, pairs[header]] } }
    alias to_hash to_h
    def ==(other) = other.is_a?(Row) ? to_a == other.to_a : @fields == other
    def to_csv(**options) = CSV.generate_line(@fields, **options)
    alias to_s to_csv
    def inspect = "#<CSV::Row #{to_a.map { |header, field| "#{header.is_a?(Symbol) ? header : header.inspect}:#{field.inspect}" }.join(' ')}>"
  end

  class Table
    include Enumerable
    attr_reader :headers, :mode

    def initialize(rows, headers: nil)
      @rows = rows
      @headers = headers || (rows.empty? ? [] : rows.first.headers)
      @mode = :col_or_row
    end

    def [](key) = key.is_a?(Integer) || key.is_a?(Range) ? @rows[key] : @rows.map { |row| row[key] }
    def each(&block)
      return @rows.each unless block
      @rows.each(&block)
      self
    end
    def <<(row)
      @rows << (row.is_a?(Array) ? Row.new(@headers, row) : row)
      self
    end
    def by_col = Table.new(@rows, headers: @headers).tap { |table| table.instance_variable_set(:@mode, :col) }
    def by_row = Table.new(@rows, headers: @headers).tap { |table| table.instance_variable_set(:@mode, :row) }
    def size = @rows.size
    alias length size
    def to_a = [@headers] + @rows.map(&:fields)
    def ==(other) = other.is_a?(Table) ? to_a == other.to_a : @rows == other
    def to_csv(write_headers: true, **options)
      (write_headers ? [@headers] : []).concat(@rows.map(&:fields)).map { |fields| CSV.generate_line(fields, **options) }.join
    end
    alias to_s to_csv
    def inspect = "#<CSV::Table mode:#{@mode} row_count:#{to_a.size}>"
  end

  class << self
    def parse(text, **options, &block)
      csv = new(text, **options)
      block ? csv.each(&block) : csv.read
    end

    def parse_line(text, **options) = new(text, **options).shift
    def read(path, **options) = parse(File.read(path), **options)
    alias readlines read
    def table(path, **options) = read(path, headers: true, converters: :numeric, header_converters: :symbol, **options)

    def foreach(path, mode = 'r', **options, &block)
      return to_enum(:foreach, path, mode, **options) unless block
      parse(File.read(path), **options, &block)
    end

    def generate(text = +'', **options)
      yield new(text, **options)
      text
    end

    def generate_line(fields, **options) = (+'').tap { |text| new(text, **options) << fields }
    def generate_lines(rows, **options) = rows.map { |row| generate_line(row, **options) }.join
  end

  Converters = {
    integer: ->(field) { Integer(field) rescue field },
    float: ->(field) { Float(field) rescue field },
    numeric: %i[integer float],
    date: ->(field) { Date.parse(field) rescue field },
    all: %i[numeric],
  }
  HeaderConverters = {
    downcase: ->(header) { header.downcase },
    symbol: ->(header) { header.strip.downcase.gsub(/[^\s\w]+/, '').gsub(/\s+/, '_').to_sym },
  }

  attr_reader :lineno, :headers

  def initialize(text = '', col_sep: ',', row_sep: :auto, quote_char: '"', headers: false, converters: nil, header_converters: nil,
                 skip_blanks: false, force_quotes: false, liberal_parsing: false, return_headers: false, write_headers: false,
                 skip_lines: nil, strip: false, nil_value: nil, empty_value: '', quote_empty: true, write_nil_value: nil,
                 write_empty_value: '', field_size_limit: nil, unconverted_fields: nil)
    @text = text.respond_to?(:read) ? text.read : text
    @out = text
    @separator = col_sep
    @ending = row_sep == :auto ? "\n" : row_sep
    @quote = quote_char
    @wants_headers = headers
    @headers = headers ? true : nil
    @converters = expand(converters, Converters)
    @header_converters = expand(header_converters, HeaderConverters)
    @skip_blanks = skip_blanks
    @skip_lines = skip_lines.is_a?(String) ? /#{Regexp.escape(skip_lines)}/ : skip_lines
    @force = force_quotes
    @liberal = liberal_parsing
    @strip = strip
    @nil_value = nil_value
    @write_headers = write_headers
    @at = 0
    @lineno = 0
    write_header_row if write_headers && headers.is_a?(Array)
  end

  def <<(fields)
    fields = @wants_headers && fields.is_a?(Hash) ? @headers.map { |header| fields[header] } : fields
    fields = fields.fields if fields.is_a?(Row)
    @out << fields.map { |field| quoted(field) }.join(@separator) << @ending
    self
  end
  alias add_row <<
  alias puts <<

  def shift
    start_headers
    fields = next_fields
    return nil unless fields
    @wants_headers ? Row.new(@headers, converted(fields)) : converted(fields)
  end
  alias gets shift
  alias readline shift

  def each
    return to_enum(:each) unless block_given?
    while (row = shift)
      yield row
    end
    self
  end

  def read
    rows = []
    while (row = shift)
      rows << row
    end
    @wants_headers ? Table.new(rows, headers: @headers.is_a?(Array) ? @headers : []) : rows
  end
  alias readlines read

  def eof? = @at >= @text.length

  private

  def expand(names, table)
    Array(names).flat_map do |name|
      found = name.is_a?(Symbol) || name.is_a?(String) ? table[name.to_sym] : name
      found.is_a?(Array) ? expand(found, table) : [found]
    end.compact
  end

  def write_header_row
    @headers = @wants_headers
    @out << @headers.map { |header| quoted(header) }.join(@separator) << @ending
  end

  def start_headers
    return if !@wants_headers || @headers.is_a?(Array)
    given =
      case @wants_headers
      when Array then @wants_headers
      when String then CSV.parse_line(@wants_headers, col_sep: @separator)
      else next_fields || []
      end
    @headers = given.map { |header| header.is_a?(String) ? @header_converters.inject(header) { |text, step| step.call(text) } : header }
  end

  def converted(fields)
    return fields if @converters.empty?
    fields.map do |field|
      @converters.inject(field) { |value, step| value.is_a?(String) ? step.call(value) : value }
    end
  end

  def quoted(field)
    return @force ? @quote * 2 : '' if field.nil?
    text = field.to_s
    special = text.empty? || text.include?(@quote) || text.include?(@separator) || text.include?("\n") || text.include?("\r")
    @force || special ? @quote + text.gsub(@quote, @quote * 2) + @quote : text
  end

  def next_fields
    loop do
      return nil if @at >= @text.length
      line = next_line
      next if @skip_lines && @skip_lines.match?(line)
      fields = line.empty? ? [] : fields_of(line)
      next if fields.empty? && (@skip_blanks || @wants_headers)
      return fields
    end
  end

  # A record may hold line ends between quotes.
  def next_line
    first = @lineno + 1
    line = +''
    loop do
      stop = @text.index(/\r\n|\n|\r/, @at)
      piece = stop ? @text[@at...stop] : @text[@at..]
      line << piece
      ending = stop ? $~[0] : ''
      @at = stop ? stop + ending.length : @text.length
      @lineno += 1
      return line if line.count(@quote).even? || @liberal
      if @at >= @text.length
        fields_of(line)
        raise MalformedCSVError.new('Unclosed quoted field', first)
      end
      line << ending
    end
  end

  def fields_of(line)
    fields = []
    at = 0
    loop do
      if @strip
        at += 1 while line[at] == ' '
      end
      if line[at] == @quote
        value, at = quoted_field(line, at + 1)
        at += 1 while @strip && line[at] == ' '
        if at < line.length && line[at, @separator.length] != @separator
          raise MalformedCSVError.new('Any value after quoted field isn\'t allowed', @lineno) unless @liberal
        end
      else
        stop = line.index(@separator, at) || line.length
        value = line[at...stop]
        value = value.strip if @strip
        if value.include?(@quote) && !@liberal
          raise MalformedCSVError.new('Illegal quoting', @lineno)
        end
        value = @nil_value if value.empty?
        at = stop
      end
      fields << value
      break if at >= line.length
      at += @separator.length
      if at >= line.length
        fields << @nil_value
        break
      end
    end
    fields
  end

  def quoted_field(line, at)
    value = +''
    loop do
      stop = line.index(@quote, at)
      raise MalformedCSVError.new('Unclosed quoted field', @lineno) unless stop
      value << line[at...stop]
      return [value, stop + 1] if line[stop + 1] != @quote
      value << @quote
      at = stop + 2
    end
  end
end

class Array
  def to_csv(**options) = CSV.generate_line(self, **options)
end

class String
  def parse_csv(**options) = CSV.parse_line(self, **options)
end

module Kernel
  def CSV(*arguments, **options) = CSV.new(*arguments, **options)
end
