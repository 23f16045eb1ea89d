#== attributes/default.rb
default['php-fpm']['user'] = platform_family?('debian') ? 'www-data' : 'apache'
default['php-fpm']['group'] = node['php-fpm']['user']
default['php-fpm']['package_name'] = 'php-fpm'
default['php-fpm']['service_name'] = 'php-fpm'
default['php-fpm']['conf_dir'] = platform_family?('debian') ? '/etc/php/fpm' : '/etc/php.d'
default['php-fpm']['pool_conf_dir'] = platform_family?('debian') ? '/etc/php/fpm/pool.d' : '/etc/php-fpm.d'
default['php-fpm']['pools'] = { 'www' => { 'enable' => 'true' } }
#== recipes/default.rb
include_recipe 'php-fpm::install'
service 'php-fpm' do
  service_name node['php-fpm']['service_name']
  action [:enable, :start]
end
#== recipes/install.rb
package node['php-fpm']['package_name']
#== recipes/configure.rb
#== recipes/repository.rb
#== definitions/php_fpm_pool.rb
define :php_fpm_pool, enable: true do
end
