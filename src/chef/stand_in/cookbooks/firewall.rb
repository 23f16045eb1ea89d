#== attributes/default.rb
default['firewall']['allow_ssh'] = false
default['firewall']['ipv6_enabled'] = true
#== recipes/default.rb
firewall 'default' do
  action :install
end
