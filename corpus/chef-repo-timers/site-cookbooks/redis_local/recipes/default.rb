secrets = data_bag_item('secrets', 'tidegauge')

package 'redis' do
  package_name value_for_platform_family('debian' => 'redis-server', 'default' => 'redis')
end

ruby_block 'tell the others which database' do
  block do
    node.run_state['redis_database'] = node['redis_local']['database']
  end
end

template '/etc/redis/redis.conf' do
  source 'redis.conf.erb'
  owner 'redis'
  group 'redis'
  mode '0640'
  sensitive true
  variables(redis: node['redis_local'], password: secrets['redis_password'])
end

service 'redis-server' do
  action %i(enable start)
  subscribes :restart, 'template[/etc/redis/redis.conf]', :delayed
end
