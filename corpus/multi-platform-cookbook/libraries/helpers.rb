module Heliograph
  # Where the program and its settings lie, by how it was installed.
  module Helpers
    def heliograph_binary
      prefix = node['heliograph']['install_method'] == 'source' ? node['heliograph']['source']['prefix'] : '/usr'
      ::File.join(prefix, 'sbin', 'heliographd')
    end

    # "host:port" for every peer; the port may be left out.
    def self.peer_addresses(peers, default_port)
      peers.map { |peer| peer.include?(':') ? peer : "#{peer}:#{default_port}" }.uniq.sort
    end
  end
end

Chef::Recipe.send(:include, Heliograph::Helpers)
Chef::Resource.send(:include, Heliograph::Helpers)
Chef::Provider.send(:include, Heliograph::Helpers)
