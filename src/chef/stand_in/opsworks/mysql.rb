#== metadata.rb
name 'mysql'
#== attributes/default.rb
include_attribute 'mysql::customize'
#== attributes/customize.rb
#== recipes/client.rb
databases = ((node[:opsworks] || {})[:stack] || {})[:rds_instances] || []
layers = (node[:opsworks] || {})[:layers] || {}
include_recipe 'mysql::client_install' if layers.key?('db-master') || databases.any? { |one| one[:engine].to_s =~ /mysql|aurora|maria/ }
#== recipes/client_install.rb
if platform_family?('debian')
  package 'mysql-client'
  package 'libmysqlclient-dev'
else
  package 'mysql-devel'
  package 'mysql'
end
#== recipes/server.rb
package 'mysql-server'
include_recipe 'mysql::service'
#== recipes/service.rb
service 'mysql' do
  service_name platform_family?('debian') ? 'mysql' : 'mysqld'
  action [:enable, :start]
end
#== recipes/stop.rb
service 'mysql' do
  service_name platform_family?('debian') ? 'mysql' : 'mysqld'
  action :stop
end
