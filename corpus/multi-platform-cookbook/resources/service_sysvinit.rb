resource_name :heliograph_service_sysvinit
provides :heliograph_service_sysvinit
provides :heliograph_service, platform: 'amazon' do |node|
  node['heliograph']['init'] == 'sysvinit'
end

property :instance, String, name_property: true
property :command, String, required: true

default_action :create

action :create do
  template "/etc/init.d/#{new_resource.instance}" do
    cookbook 'heliograph'
    source 'init.sh.erb'
    mode '0755'
    variables(command: new_resource.command, name: new_resource.instance)
  end

  service new_resource.instance do
    supports status: true, restart: true, reload: true
    action :enable
  end
end

action :start do
  service new_resource.instance do
    action :start
  end
end

action :restart do
  service new_resource.instance do
    action :restart
  end
end

action :reload do
  service new_resource.instance do
    action :reload
  end
end
