#== attributes/default.rb
default['chrony']['servers'] = {}
default['chrony']['service'] = platform_family?('debian') ? 'chrony' : 'chronyd'
#== recipes/default.rb
package 'chrony'
service node['chrony']['service'] do
  action [:enable, :start]
end
#== recipes/client.rb
include_recipe 'chrony::default'
