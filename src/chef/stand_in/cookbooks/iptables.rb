#== attributes/default.rb
default['iptables']['iptables_sysconfig'] = {}
#== recipes/default.rb
package 'iptables'
