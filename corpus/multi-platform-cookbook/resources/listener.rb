property :listener, String, name_property: true
property :address, String, default: '0.0.0.0'
property :port, Integer, required: true
property :tls, [true, false], default: false

default_action :create

action :create do
  template ::File.join(node['heliograph']['conf_dir'], 'listeners.d', "#{new_resource.listener}.conf") do
    cookbook 'heliograph'
    source 'listener.conf.erb'
    mode '0644'
    variables(listener: new_resource)
  end
end

action :delete do
  file ::File.join(node['heliograph']['conf_dir'], 'listeners.d', "#{new_resource.listener}.conf") do
    action :delete
  end
end
