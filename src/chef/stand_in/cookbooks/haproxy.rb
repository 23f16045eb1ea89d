#== attributes/default.rb
default['haproxy']['conf_dir'] = '/etc/haproxy'
default['haproxy']['incoming_port'] = 80
default['haproxy']['member_port'] = 8080
default['haproxy']['user'] = 'haproxy'
default['haproxy']['group'] = 'haproxy'
default['haproxy']['members'] = []
#== recipes/default.rb
package 'haproxy'
directory node['haproxy']['conf_dir']
service 'haproxy' do
  action [:enable, :start]
end
#== recipes/manual.rb
include_recipe 'haproxy::default'
#== recipes/install_package.rb
package 'haproxy'
