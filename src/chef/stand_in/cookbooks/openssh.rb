#== attributes/default.rb
default['openssh']['package_name'] = platform_family?('debian') ? %w(openssh-client openssh-server) : %w(openssh-clients openssh-server)
default['openssh']['service_name'] = platform_family?('debian') ? 'ssh' : 'sshd'
default['openssh']['config_mode'] = '0644'
default['openssh']['rootgroup'] = 'root'
default['openssh']['server']['port'] = 22
default['openssh']['server']['permit_root_login'] = 'no'
default['openssh']['server']['password_authentication'] = 'yes'
default['openssh']['client']['host'] = '*'
#== recipes/default.rb
package node['openssh']['package_name']
service node['openssh']['service_name'] do
  action [:enable, :start]
end
#== recipes/iptables.rb
