#== attributes/default.rb
default['fail2ban']['services'] = {}
#== recipes/default.rb
package 'fail2ban'
service 'fail2ban' do
  action [:enable, :start]
end
