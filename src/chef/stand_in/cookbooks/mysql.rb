#== attributes/default.rb
default['mysql']['version'] = '5.7'
default['mysql']['service_name'] = 'default'
default['mysql']['port'] = '3306'
default['mysql']['bind_address'] = node['ipaddress']
default['mysql']['data_dir'] = '/var/lib/mysql'
default['mysql']['socket'] = '/var/run/mysqld/mysqld.sock'
default['mysql']['server_root_password'] = 'ilikerandompasswords'
default['mysql']['server_debian_password'] = nil
default['mysql']['server_repl_password'] = nil
default['mysql']['allow_remote_root'] = false
default['mysql']['remove_test_database'] = true
default['mysql']['remove_anonymous_users'] = true
default['mysql']['server']['packages'] = ['mysql-server']
default['mysql']['client']['packages'] = platform_family?('debian') ? %w(default-mysql-client default-libmysqlclient-dev) : %w(mysql mysql-devel)
#== recipes/default.rb
include_recipe 'mysql::client'
#== recipes/client.rb
node['mysql']['client']['packages'].each { |name| package name }
#== recipes/ruby.rb
include_recipe 'mysql::client'
#== recipes/server.rb
node['mysql']['server']['packages'].each { |name| package name }
service 'mysql' do
  action [:enable, :start]
end
#== resources/service.rb
property :service_name, String, name_property: true
property :version, [String, nil]
property :port, [String, Integer], default: '3306'
property :data_dir, [String, nil]
property :bind_address, [String, nil]
property :initial_root_password, String, default: 'ilikerandompasswords', sensitive: true
property :charset, String, default: 'utf8'
property :socket, [String, nil]
property :run_user, String, default: 'mysql'
property :run_group, String, default: 'mysql'
default_action :create
action :create do
  package 'mysql-server'
end
%i(start stop restart reload enable disable).each do |verb|
  action verb do
    service("mysql-#{new_resource.service_name}") { action verb }
  end
end
action :delete do
end
#== resources/client.rb
default_action :create
action :create do
  node['mysql']['client']['packages'].each { |name| package name }
end
action :delete do
end
#== resources/config.rb
property :instance, String, default: 'default'
property :source, [String, nil]
property :cookbook, [String, nil]
property :variables, [Hash, nil]
property :owner, String, default: 'mysql'
property :group, String, default: 'mysql'
default_action :create
action :create do
  given = new_resource
  template "/etc/mysql-#{given.instance}/conf.d/#{given.name}.cnf" do
    source given.source
    cookbook given.cookbook || given.cookbook_name
    variables given.variables if given.variables
    owner given.owner
    group given.group
    mode '0640'
  end if given.source
end
action :delete do
end
