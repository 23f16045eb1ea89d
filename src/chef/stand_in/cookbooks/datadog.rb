#== attributes/default.rb
default['datadog']['api_key'] = nil
default['datadog']['application_key'] = nil
default['datadog']['url'] = 'https://app.datadoghq.com'
default['datadog']['tags'] = ''
default['datadog']['config_dir'] = '/etc/datadog-agent'
default['datadog']['agent_major_version'] = nil
default['datadog']['chef_handler_enable'] = false
default['datadog']['agent_enable'] = true
default['datadog']['agent_start'] = true
#== recipes/default.rb
include_recipe 'datadog::dd-agent'
#== recipes/dd-agent.rb
package 'datadog-agent'
service 'datadog-agent' do
  action [:enable, :start]
end
#== recipes/dd-handler.rb
#== recipes/repository.rb
#== recipes/integrations.rb
