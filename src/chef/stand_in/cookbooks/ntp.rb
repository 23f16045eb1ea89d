#== attributes/default.rb
default['ntp']['servers'] = %w(0.pool.ntp.org 1.pool.ntp.org 2.pool.ntp.org 3.pool.ntp.org)
default['ntp']['peers'] = []
default['ntp']['restrictions'] = []
default['ntp']['packages'] = ['ntp']
default['ntp']['service'] = platform_family?('debian') ? 'ntp' : 'ntpd'
default['ntp']['conffile'] = '/etc/ntp.conf'
#== recipes/default.rb
package 'ntp'
service node['ntp']['service'] do
  action [:enable, :start]
end
