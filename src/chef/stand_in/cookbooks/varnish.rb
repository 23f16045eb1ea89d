#== attributes/default.rb
default['varnish']['dir'] = '/etc/varnish'
default['varnish']['listen_port'] = 6081
default['varnish']['backend_port'] = 8080
#== recipes/default.rb
package 'varnish'
service 'varnish' do
  action [:enable, :start]
end
