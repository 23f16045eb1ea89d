module Tidegauge
  # Names and addresses that recipes and resources share.
  module Helpers
    ARCHITECTURES = { 'x86_64' => 'amd64', 'aarch64' => 'arm64' }.freeze

    def tidegauge_archive(version = node['tidegauge']['version'])
      arch = ARCHITECTURES.fetch(node['kernel']['machine']) { |machine| raise "no tidegauge for #{machine}" }
      "tidegauge-#{version}-linux-#{arch}.tar.gz"
    end

    def tidegauge_url(version = node['tidegauge']['version'])
      [node['tidegauge']['mirror'].chomp('/'), "v#{version}", tidegauge_archive(version)].join('/')
    end

    # The database host of this environment; the loopback address where there is none (test kitchen).
    def tidegauge_database_host
      found = search(:node, "tags:postgres AND chef_environment:#{node.chef_environment}",
                     filter_result: { 'name' => %w(name), 'ip' => %w(ipaddress) })
      found.empty? ? '127.0.0.1' : found.min_by { |host| host['name'] }['ip']
    end

    def tidegauge_dsn(password)
      database = node['tidegauge']['database']
      "postgres://#{database['user']}:#{password}@#{tidegauge_database_host}:5432/#{database['name']}?sslmode=require"
    end
  end
end

Chef::Recipe.include(Tidegauge::Helpers)
