#== attributes/default.rb
default['rabbitmq']['config_root'] = '/etc/rabbitmq'
default['rabbitmq']['service_name'] = 'rabbitmq-server'
default['rabbitmq']['port'] = 5672
default['rabbitmq']['default_user'] = 'guest'
default['rabbitmq']['enabled_plugins'] = []
#== recipes/default.rb
package 'rabbitmq-server'
service node['rabbitmq']['service_name'] do
  action [:enable, :start]
end
#== recipes/mgmt_console.rb
#== recipes/plugin_management.rb
#== recipes/user_management.rb
#== recipes/virtualhost_management.rb
