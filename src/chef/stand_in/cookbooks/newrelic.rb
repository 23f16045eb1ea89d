#== attributes/default.rb
default['newrelic']['license'] = nil
default['newrelic']['server_monitoring']['license'] = nil
default['newrelic']['application_monitoring']['license'] = nil
default['newrelic']['application_monitoring']['enabled'] = nil
default['newrelic']['application_monitoring']['app_name'] = nil
#== recipes/default.rb
package 'newrelic-sysmond'
service 'newrelic-sysmond' do
  action [:enable, :start]
end
#== recipes/repository.rb
#== recipes/server_monitor_agent.rb
include_recipe 'newrelic::default'
