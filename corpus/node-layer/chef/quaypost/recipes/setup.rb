include_recipe 'nodejs_apt'

root = node['quaypost']['root']
user = node['quaypost']['user']

package %w(git awscli)

user user do
  system true
  home root
  shell '/usr/sbin/nologin'
end

[root, "#{root}/releases", "#{root}/shared", '/etc/quaypost', '/var/log/quaypost'].each do |dir|
  directory dir do
    owner user
    mode '0755'
  end
end

template '/etc/logrotate.d/quaypost' do
  source 'logrotate.erb'
  mode '0644'
end

include_recipe 'quaypost::configure'

quaypost_processes.each do |layer, process|
  name = "quaypost-#{process['name']}"

  if upstart_host?
    template "/etc/init/#{name}.conf" do
      source 'upstart.conf.erb'
      mode '0644'
      variables(name: name, layer: layer, process: process, root: root, user: user)
    end

    service name do
      provider Chef::Provider::Service::Upstart
      action :enable
    end
  else
    template "/etc/systemd/system/#{name}.service" do
      source 'systemd.service.erb'
      mode '0644'
      variables(name: name, layer: layer, process: process, root: root, user: user)
      notifies :run, 'execute[systemctl daemon-reload]', :immediately
    end

    service name do
      action :enable
    end
  end
end

execute 'systemctl daemon-reload' do
  action :nothing
end
