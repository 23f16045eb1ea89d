default['heliograph']['install_method'] = 'package' # or 'source'
default['heliograph']['version'] = '3.4.2'
default['heliograph']['user'] = 'heliograph'
default['heliograph']['group'] = 'heliograph'
default['heliograph']['port'] = 5090
default['heliograph']['admin_port'] = 5091
default['heliograph']['workers'] = [node['cpu'] && node['cpu']['total'].to_i, 1].compact.max
default['heliograph']['queue_dir'] = '/var/spool/heliograph'
default['heliograph']['peers'] = []
default['heliograph']['shared_secret'] = 'change-me-PLANTED-6e0d'

case node['platform_family']
when 'debian'
  default['heliograph']['package'] = 'heliograph'
  default['heliograph']['conf_dir'] = '/etc/heliograph'
  default['heliograph']['defaults_file'] = '/etc/default/heliograph'
when 'rhel', 'fedora', 'amazon'
  default['heliograph']['package'] = 'heliograph-server'
  default['heliograph']['conf_dir'] = '/etc/heliograph'
  default['heliograph']['defaults_file'] = '/etc/sysconfig/heliograph'
when 'suse'
  default['heliograph']['package'] = 'heliograph'
  default['heliograph']['conf_dir'] = '/etc/heliograph.d'
  default['heliograph']['defaults_file'] = '/etc/sysconfig/heliograph'
else
  Chef::Log.warn("heliograph: #{node['platform_family']} is not supported, trying")
  default['heliograph']['package'] = 'heliograph'
  default['heliograph']['conf_dir'] = '/usr/local/etc/heliograph'
  default['heliograph']['defaults_file'] = '/usr/local/etc/heliograph/env'
end

# Amazon Linux 1 and Ubuntu 14.04 came before systemd.
default['heliograph']['init'] =
  if node['platform'] == 'ubuntu' && node['platform_version'].to_f < 15.04
    'upstart'
  elsif node['platform'] == 'amazon' && node['platform_version'].to_i > 2010 && node['platform_version'].to_i < 2022
    'sysvinit'
  else
    'systemd'
  end
