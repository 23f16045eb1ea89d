#== attributes/default.rb
debian = platform_family?('debian')
default['php']['install_method'] = 'package'
default['php']['version'] = '7.4'
default['php']['directives'] = {}
default['php']['bin'] = '/usr/bin/php'
default['php']['pear'] = '/usr/bin/pear'
default['php']['pecl'] = '/usr/bin/pecl'
default['php']['conf_dir'] = debian ? "/etc/php/#{node['php']['version']}/cli" : '/etc'
default['php']['ext_conf_dir'] = debian ? "/etc/php/#{node['php']['version']}/mods-available" : '/etc/php.d'
default['php']['fpm_conf_dir'] = debian ? "/etc/php/#{node['php']['version']}/fpm" : '/etc/php-fpm.d'
default['php']['fpm_pooldir'] = debian ? "/etc/php/#{node['php']['version']}/fpm/pool.d" : '/etc/php-fpm.d'
default['php']['fpm_user'] = debian ? 'www-data' : 'apache'
default['php']['fpm_group'] = debian ? 'www-data' : 'apache'
default['php']['fpm_package'] = 'php-fpm'
default['php']['fpm_service'] = 'php-fpm'
default['php']['fpm_socket'] = '/var/run/php-fpm.sock'
default['php']['packages'] = debian ? %w(php-cli php-cgi php-dev php-pear) : %w(php php-devel php-cli php-pear)
#== recipes/default.rb
node['php']['packages'].each { |name| package name }
#== recipes/package.rb
include_recipe 'php::default'
#== recipes/ini.rb
#== recipes/fpm.rb
package node['php']['fpm_package']
#== recipes/module_apc.rb
package 'php-apcu'
#== recipes/module_curl.rb
package 'php-curl'
#== recipes/module_gd.rb
package 'php-gd'
#== recipes/module_memcache.rb
package 'php-memcache'
#== recipes/module_mysql.rb
package 'php-mysql'
#== recipes/module_pgsql.rb
package 'php-pgsql'
#== recipes/module_sqlite3.rb
package 'php-sqlite3'
#== recipes/module_ldap.rb
package 'php-ldap'
#== resources/fpm_pool.rb
property :pool_name, String, name_property: true
property :listen, String, default: '/var/run/php-fpm.sock'
property :user, [String, nil]
property :group, [String, nil]
property :process_manager, String, default: 'dynamic'
property :max_children, Integer, default: 5
property :start_servers, Integer, default: 2
property :min_spare_servers, Integer, default: 1
property :max_spare_servers, Integer, default: 3
property :additional_config, Hash, default: {}
default_action :install
action :install do
  pool = new_resource
  package node['php']['fpm_package']
  settings = {
    'user' => pool.user || node['php']['fpm_user'], 'group' => pool.group || node['php']['fpm_group'], 'listen' => pool.listen,
    'pm' => pool.process_manager, 'pm.max_children' => pool.max_children, 'pm.start_servers' => pool.start_servers,
    'pm.min_spare_servers' => pool.min_spare_servers, 'pm.max_spare_servers' => pool.max_spare_servers
  }.merge(pool.additional_config)
  file "#{node['php']['fpm_pooldir']}/#{pool.pool_name}.conf" do
    content "[#{pool.pool_name}]\n" + settings.map { |key, value| "#{key} = #{value}\n" }.join
  end
  service node['php']['fpm_service'] do
    action [:enable, :start]
  end
end
action :uninstall do
end
