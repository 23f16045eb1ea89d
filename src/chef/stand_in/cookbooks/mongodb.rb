#== attributes/default.rb
default['mongodb']['package_name'] = 'mongodb-org'
default['mongodb']['config']['port'] = 27_017
default['mongodb']['config']['dbpath'] = '/var/lib/mongodb'
default['mongodb']['dbconfig_file'] = '/etc/mongod.conf'
#== recipes/default.rb
package node['mongodb']['package_name']
service 'mongod' do
  action [:enable, :start]
end
#== recipes/install.rb
package node['mongodb']['package_name']
