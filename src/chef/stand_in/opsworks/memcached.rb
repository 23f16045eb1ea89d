#== metadata.rb
name 'memcached'
#== attributes/default.rb
include_attribute 'memcached::customize'
#== attributes/customize.rb
#== recipes/default.rb
package 'memcached'
template '/etc/memcached.conf' do
  source 'memcached.conf.erb'
  cookbook 'memcached'
  mode '0644'
end
include_recipe 'memcached::service'
#== recipes/service.rb
service 'memcached' do
  supports :status => true, :restart => true
  action [:enable, :start]
end
#== recipes/stop.rb
service 'memcached' do
  action :stop
end
#== templates/default/memcached.conf.erb
-d
-m <%= node[:memcached][:memory] %>
-p <%= node[:memcached][:port] %>
-u <%= node[:memcached][:user] %>
-c <%= node[:memcached][:max_connections] %>
