#== attributes/default.rb
default['elasticsearch']['cluster']['name'] = 'elasticsearch'
default['elasticsearch']['dir'] = '/usr/local'
default['elasticsearch']['user'] = 'elasticsearch'
default['elasticsearch']['path']['conf'] = '/etc/elasticsearch'
#== recipes/default.rb
package 'elasticsearch'
service 'elasticsearch' do
  action [:enable, :start]
end
