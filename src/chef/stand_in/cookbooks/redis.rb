#== attributes/default.rb
default['redis']['conf_dir'] = '/etc/redis'
default['redis']['config']['port'] = 6379
default['redis']['user'] = 'redis'
#== recipes/default.rb
package platform_family?('debian') ? 'redis-server' : 'redis'
service platform_family?('debian') ? 'redis-server' : 'redis' do
  action [:enable, :start]
end
#== recipes/server.rb
include_recipe 'redis::default'
