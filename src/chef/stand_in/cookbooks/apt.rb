#== attributes/default.rb
default['apt']['cacher_port'] = 3142
default['apt']['compiletime'] = false
default['apt']['compile_time_update'] = false
default['apt']['key_proxy'] = ''
default['apt']['periodic_update_min_delay'] = 86_400
default['apt']['launchpad_api_version'] = '1.0'
default['apt']['confd']['install_recommends'] = true
default['apt']['confd']['install_suggests'] = true
#== recipes/default.rb
apt_update 'periodic' if platform_family?('debian')
#== recipes/cacher-client.rb
#== recipes/unattended-upgrades.rb
package 'unattended-upgrades'
