resource_name :heliograph_service_upstart
provides :heliograph_service_upstart
provides :heliograph_service, platform: 'ubuntu' do |node|
  node['heliograph']['init'] == 'upstart'
end

property :instance, String, name_property: true
property :command, String, required: true

default_action :create

action :create do
  file "/etc/init/#{new_resource.instance}.conf" do
    content <<-CONF.gsub(/^ {6}/, '')
      description "Heliograph message relay"
      start on runlevel [2345]
      stop on runlevel [!2345]
      respawn
      limit nofile 32768 32768
      setuid #{node['heliograph']['user']}
      exec #{new_resource.command}
    CONF
    mode '0644'
  end
end

%w(start restart reload).each do |verb|
  action verb.to_sym do
    service new_resource.instance do
      provider Chef::Provider::Service::Upstart
      action verb.to_sym
    end
  end
end
