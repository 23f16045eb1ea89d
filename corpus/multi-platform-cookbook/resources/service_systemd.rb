resource_name :heliograph_service_systemd
provides :heliograph_service_systemd
provides :heliograph_service, os: 'linux' do |node|
  node['heliograph']['init'] == 'systemd'
end

property :instance, String, name_property: true
property :command, String, required: true

default_action :create

action :create do
  systemd_unit "#{new_resource.instance}.service" do
    content(
      Unit: { Description: 'Heliograph message relay', After: 'network.target' },
      Service: {
        User: node['heliograph']['user'],
        EnvironmentFile: "-#{node['heliograph']['defaults_file']}",
        ExecStart: new_resource.command,
        ExecReload: '/bin/kill -HUP $MAINPID',
        LimitNOFILE: 32_768,
        Restart: 'always',
      },
      Install: { WantedBy: 'multi-user.target' }
    )
    action [:create, :enable]
  end
end

%w(start stop restart reload).each do |verb|
  action verb.to_sym do
    service new_resource.instance do
      action verb.to_sym
    end
  end
end
