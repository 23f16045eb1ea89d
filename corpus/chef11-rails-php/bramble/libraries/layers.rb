# Questions about the stack that more than one recipe asks.
module Bramble
  module Layers
    # Instances of a layer as [hostname, instance], by host name; [] when the stack has no such layer.
    def instances_of(layer)
      found = node[:opsworks][:layers][layer]
      return [] if found.nil?
      found[:instances].sort_by { |hostname, _| hostname }
    end

    def in_layer?(layer)
      node[:opsworks][:instance][:layers].include?(layer)
    end

    # One instance does what must be done once.
    def first_of?(layer)
      first = instances_of(layer).first
      !first.nil? && first[0] == node[:opsworks][:instance][:hostname]
    end
  end
end

class Chef::Recipe
  include Bramble::Layers
end

# Blocks of resources ask too.
class Chef::Resource
  include Bramble::Layers
end
