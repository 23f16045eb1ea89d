#== attributes/default.rb
default['postgresql']['version'] = '9.6'
default['postgresql']['dir'] = "/etc/postgresql/#{node['postgresql']['version']}/main"
default['postgresql']['enable_pgdg_apt'] = false
default['postgresql']['enable_pgdg_yum'] = false
default['postgresql']['setup_script'] = 'postgresql-setup'
default['postgresql']['client']['packages'] = platform_family?('debian') ? %w(postgresql-client libpq-dev) : %w(postgresql postgresql-devel)
default['postgresql']['server']['packages'] = platform_family?('debian') ? ['postgresql'] : ['postgresql-server']
default['postgresql']['server']['service_name'] = 'postgresql'
default['postgresql']['contrib']['packages'] = ['postgresql-contrib']
default['postgresql']['password']['postgres'] = nil
default['postgresql']['config']['port'] = 5432
default['postgresql']['config']['listen_addresses'] = 'localhost'
default['postgresql']['config']['max_connections'] = 100
default['postgresql']['config']['data_directory'] = "/var/lib/postgresql/#{node['postgresql']['version']}/main"
default['postgresql']['pg_hba'] = []
#== recipes/default.rb
include_recipe 'postgresql::client'
#== recipes/client.rb
node['postgresql']['client']['packages'].each { |name| package name }
#== recipes/ruby.rb
include_recipe 'postgresql::client'
#== recipes/contrib.rb
node['postgresql']['contrib']['packages'].each { |name| package name }
#== recipes/server.rb
include_recipe 'postgresql::client'
node['postgresql']['server']['packages'].each { |name| package name }
service 'postgresql' do
  service_name node['postgresql']['server']['service_name']
  action [:enable, :start]
end
#== recipes/apt_pgdg_postgresql.rb
#== recipes/yum_pgdg_postgresql.rb
#== recipes/config_initdb.rb
#== recipes/config_pgtune.rb
#== recipes/ca_certificates.rb
#== resources/client_install.rb
property :version, String, default: '9.6'
default_action :install
action :install do
  package platform_family?('debian') ? 'postgresql-client' : 'postgresql'
end
#== resources/server_install.rb
property :version, String, default: '9.6'
property :password, [String, nil], sensitive: true
property :port, Integer, default: 5432
default_action :install
action :install do
  package platform_family?('debian') ? 'postgresql' : 'postgresql-server'
end
action :create do
  service 'postgresql' do
    action [:enable, :start]
  end
end
#== resources/install.rb
property :version, [String, Integer, nil]
default_action :install
action :install do
  package 'postgresql'
end
action :install_client do
  package 'postgresql-client'
end
action :install_server do
  package 'postgresql'
end
#== resources/repository.rb
property :version, [String, nil]
default_action :add
action :add do
end
#== resources/service.rb
default_action :enable
%i(start stop restart reload enable disable).each do |verb|
  action verb do
    service('postgresql') { action verb }
  end
end
