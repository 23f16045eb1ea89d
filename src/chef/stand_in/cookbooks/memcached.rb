#== attributes/default.rb
default['memcached']['memory'] = 64
default['memcached']['port'] = 11_211
default['memcached']['udp_port'] = 11_211
default['memcached']['listen'] = '0.0.0.0'
default['memcached']['maxconn'] = 1024
default['memcached']['max_object_size'] = '1m'
default['memcached']['user'] = platform_family?('debian') ? 'memcache' : 'memcached'
default['memcached']['group'] = node['memcached']['user']
default['memcached']['threads'] = nil
default['memcached']['logfilepath'] = '/var/log'
default['memcached']['logfilename'] = 'memcached.log'
default['memcached']['experimental_options'] = []
default['memcached']['extra_cli_options'] = []
default['memcached']['ulimit'] = 1024
#== recipes/default.rb
package 'memcached'
service 'memcached' do
  action [:enable, :start]
end
#== recipes/configure.rb
#== recipes/package.rb
package 'memcached'
#== resources/instance.rb
property :memory, [Integer, String], default: 64
property :port, [Integer, String], default: 11_211
property :user, [String, nil]
default_action [:start, :enable]
%i(start stop restart enable disable).each do |verb|
  action verb do
    package 'memcached'
    service('memcached') { action verb }
  end
end
