#== attributes/default.rb
default['redisio']['package_install'] = false
default['redisio']['package_name'] = platform_family?('debian') ? 'redis-server' : 'redis'
default['redisio']['bin_path'] = '/usr/local/bin'
default['redisio']['base_name'] = 'redis'
default['redisio']['version'] = nil
default['redisio']['safe_install'] = true
default['redisio']['bypass_setup'] = false
default['redisio']['job_control'] = 'systemd'
default['redisio']['servers'] = nil
default['redisio']['sentinels'] = nil
default['redisio']['default_settings']['user'] = 'redis'
default['redisio']['default_settings']['group'] = 'redis'
default['redisio']['default_settings']['homedir'] = '/var/lib/redis'
default['redisio']['default_settings']['configdir'] = '/etc/redis'
default['redisio']['default_settings']['datadir'] = '/var/lib/redis'
default['redisio']['default_settings']['piddir'] = '/var/run/redis'
default['redisio']['default_settings']['port'] = '6379'
default['redisio']['default_settings']['databases'] = '16'
default['redisio']['default_settings']['maxmemory'] = nil
default['redisio']['default_settings']['maxmemorypolicy'] = nil
default['redisio']['default_settings']['requirepass'] = nil
default['redisio']['default_settings']['appendonly'] = 'no'
#== recipes/default.rb
package node['redisio']['package_name']
#== recipes/install.rb
package node['redisio']['package_name']
#== recipes/configure.rb
(node['redisio']['servers'] || [{ 'port' => node['redisio']['default_settings']['port'] }]).each do |server|
  service "redis@#{server['name'] || server['port']}" do
    action :nothing
  end
end
#== recipes/enable.rb
(node['redisio']['servers'] || [{ 'port' => node['redisio']['default_settings']['port'] }]).each do |server|
  service "redis@#{server['name'] || server['port']}" do
    action [:enable, :start]
  end
end
#== recipes/disable.rb
#== recipes/disable_os_default.rb
#== recipes/ulimit.rb
#== recipes/sentinel.rb
#== recipes/sentinel_enable.rb
#== resources/install.rb
default_action :run
action :run do
  package node['redisio']['package_name']
end
#== resources/instance.rb
property :port, [String, Integer], default: '6379'
default_action :run
action :run do
  package node['redisio']['package_name']
  service "redis@#{new_resource.port}" do
    action [:enable, :start]
  end
end
#== resources/configure.rb
default_action :run
action :run do
end
