#== metadata.rb
name 'haproxy'
#== attributes/default.rb
include_attribute 'haproxy::customize'
#== attributes/customize.rb
#== recipes/default.rb
package 'haproxy'
include_recipe 'haproxy::configure'
#== recipes/service.rb
service 'haproxy' do
  supports :restart => true, :status => true, :reload => true
  action [:enable, :start]
end
#== recipes/configure.rb
include_recipe 'haproxy::service'
template '/etc/haproxy/haproxy.cfg' do
  source 'haproxy.cfg.erb'
  cookbook 'haproxy'
  mode '0644'
  notifies :reload, 'service[haproxy]'
end
#== recipes/stop.rb
service 'haproxy' do
  action :stop
end
#== templates/default/haproxy.cfg.erb
global
  maxconn <%= node[:haproxy][:global_max_connections] %>
defaults
  mode http
  option httplog
  retries <%= node[:haproxy][:retries] %>
  maxconn <%= node[:haproxy][:default_max_connections] %>
  timeout client <%= node[:haproxy][:client_timeout] %>
  timeout server <%= node[:haproxy][:server_timeout] %>
  timeout queue <%= node[:haproxy][:queue_timeout] %>
  timeout connect <%= node[:haproxy][:connect_timeout] %>
  balance <%= node[:haproxy][:balance] %>
frontend main
  bind :80
  default_backend app_servers
backend app_servers
  option httpchk <%= node[:haproxy][:health_check_method] %> <%= node[:haproxy][:health_check_url] %>
<% %w(rails-app php-app nodejs-app java-app web).each do |layer| -%>
<% (((node[:opsworks][:layers] || {})[layer] || {})[:instances] || {}).each do |name, instance| -%>
  server <%= name %> <%= instance[:private_ip] %>:80 check inter <%= node[:haproxy][:check_interval] %>
<% end -%>
<% end -%>
