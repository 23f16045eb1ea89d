#== attributes/default.rb
default['selinux']['state'] = 'enforcing'
default['selinux']['status'] = 'disabled'
#== recipes/default.rb
#== recipes/permissive.rb
#== recipes/disabled.rb
#== recipes/enforcing.rb
