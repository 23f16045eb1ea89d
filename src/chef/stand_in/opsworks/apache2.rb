#== metadata.rb
name 'apache2'
#== attributes/apache.rb
include_attribute 'apache2::customize'
#== attributes/customize.rb
#== recipes/default.rb
package 'apache2' do
  package_name platform_family?('debian') ? 'apache2' : 'httpd'
end
include_recipe 'apache2::service'
#== recipes/service.rb
service 'apache2' do
  service_name platform_family?('debian') ? 'apache2' : 'httpd'
  supports :status => true, :restart => true, :reload => true
  action [:enable, :start]
end
#== recipes/mod_rewrite.rb
#== recipes/mod_ssl.rb
#== recipes/mod_headers.rb
#== recipes/mod_proxy.rb
#== recipes/mod_proxy_http.rb
#== recipes/mod_expires.rb
#== recipes/mod_alias.rb
#== recipes/uninstall.rb
#== recipes/logrotate.rb
#== recipes/stop.rb
service 'apache2' do
  service_name platform_family?('debian') ? 'apache2' : 'httpd'
  action :stop
end
