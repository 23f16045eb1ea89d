# The stack as the recipes want to see it.
module Quaypost
  module Stack
    def quaypost_app
      search('aws_opsworks_app', 'shortname:quaypost').first || raise('the stack has no app quaypost')
    end

    def quaypost_layers
      me = search('aws_opsworks_instance', 'self:true').first
      search('aws_opsworks_layer').select { |layer| me['layer_ids'].include?(layer['layer_id']) }.map { |layer| layer['shortname'] }.sort
    end

    # The processes of this host: [[layer, settings], ...]
    def quaypost_processes
      node['quaypost']['processes'].select { |layer, _| quaypost_layers.include?(layer) }.sort
    end

    def quaypost_environment
      settings = node['quaypost']
      defaults = {
        'NODE_ENV' => 'production',
        'NODE_OPTIONS' => settings['node_options'],
        'PORT' => settings['port'],
        'REDIS_URL' => "redis://#{settings['redis']['host']}:#{settings['redis']['port']}/0",
        'CARRIERS_FILE' => '/etc/quaypost/carriers.json'
      }
      defaults.merge(quaypost_app['environment'].to_hash)
    end

    # Ubuntu before 15.04 boots with upstart.
    def upstart_host?
      node['platform'] == 'ubuntu' && node['platform_version'].to_f < 15.04
    end
  end
end

Chef::Recipe.send(:include, Quaypost::Stack)
