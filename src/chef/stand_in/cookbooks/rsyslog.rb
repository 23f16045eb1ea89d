#== attributes/default.rb
default['rsyslog']['config_prefix'] = '/etc'
default['rsyslog']['service_name'] = 'rsyslog'
default['rsyslog']['server'] = false
default['rsyslog']['server_ip'] = nil
default['rsyslog']['port'] = 514
default['rsyslog']['protocol'] = 'tcp'
#== recipes/default.rb
package 'rsyslog'
service 'rsyslog' do
  action [:enable, :start]
end
#== recipes/client.rb
include_recipe 'rsyslog::default'
#== recipes/server.rb
include_recipe 'rsyslog::default'
