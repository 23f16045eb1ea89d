#== recipes/default.rb
#== attributes/default.rb
default['ohai']['plugin_path'] = '/etc/chef/ohai_plugins'
default['ohai']['hints_path'] = '/etc/chef/ohai/hints'
