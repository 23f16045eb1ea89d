#== attributes/default.rb
default['sysctl']['params'] = {}
default['sysctl']['conf_dir'] = '/etc/sysctl.d'
default['sysctl']['allow_sysctl_conf'] = false
#== recipes/default.rb
#== recipes/apply.rb
