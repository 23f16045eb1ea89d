conf  = node['heliograph']['conf_dir']
group = node['heliograph']['group']

[conf, "#{conf}/routes.d", "#{conf}/listeners.d"].each do |dir|
  directory dir do
    group group
    mode '0750'
    recursive true
  end
end

directory node['heliograph']['queue_dir'] do
  owner node['heliograph']['user']
  group group
  mode '0770'
end

template "#{conf}/heliograph.conf" do
  source 'heliograph.conf.erb'
  group group
  mode '0640'
  variables(
    settings: node['heliograph'],
    peers: Heliograph::Helpers.peer_addresses(node['heliograph']['peers'].to_a, node['heliograph']['port'])
  )
  notifies :restart, 'heliograph_service[heliograph]', :delayed
end

template node['heliograph']['defaults_file'] do
  source 'defaults.erb'
  mode '0644'
end

file "#{conf}/secret" do
  content node['heliograph']['shared_secret']
  group group
  mode '0640'
  sensitive true
end

cookbook_file "#{conf}/motd" do
  source 'motd'
  mode '0644'
end

heliograph_listener 'admin' do
  address '127.0.0.1'
  port node['heliograph']['admin_port']
end

heliograph_route 'dead-letters' do
  from 'queue:dead'
  to 'file:/var/log/heliograph-dead.log'
  retries 0
end
