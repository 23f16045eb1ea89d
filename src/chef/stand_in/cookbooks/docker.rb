#== attributes/default.rb
default['docker']['version'] = nil
#== recipes/default.rb
service 'docker' do
  action [:enable, :start]
end
#== resources/service.rb
property :host, [String, Array, nil]
property :version, [String, nil]
property :install_method, [String, Symbol], default: 'auto'
default_action [:create, :start]
%i(create start stop restart delete).each do |verb|
  action verb do
    service('docker') { action verb } unless %i(create delete).include?(verb)
  end
end
