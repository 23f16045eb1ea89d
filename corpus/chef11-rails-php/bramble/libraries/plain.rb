module Bramble
  # Node attributes as plain hashes and arrays: YAML.dump would write the Chef classes otherwise.
  def self.plain(value)
    case value
    when Chef::Node::ImmutableMash, Hash
      value.inject({}) do |result, (key, inner)|
        result[key.to_s] = plain(inner)
        result
      end
    when Chef::Node::ImmutableArray, Array
      value.map { |inner| plain(inner) }
    else
      value
    end
  end
end
