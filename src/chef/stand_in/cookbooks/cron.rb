#== attributes/default.rb
default['cron']['package_name'] = platform_family?('debian') ? ['cron'] : ['cronie']
default['cron']['service_name'] = platform_family?('debian') ? 'cron' : 'crond'
#== recipes/default.rb
package node['cron']['package_name']
service 'cron' do
  service_name node['cron']['service_name']
  action [:enable, :start]
end
