#== attributes/default.rb
default['rbenv']['root_path'] = '/usr/local/rbenv'
default['rbenv']['user'] = 'rbenv'
default['rbenv']['group'] = 'rbenv'
default['rbenv']['install_prefix'] = '/opt'
default['rbenv']['rubies'] = []
default['rbenv']['user_installs'] = []
default['rbenv']['gems'] = {}
#== recipes/default.rb
package 'git'
#== recipes/system.rb
include_recipe 'rbenv::default'
#== recipes/system_install.rb
include_recipe 'rbenv::default'
#== recipes/user.rb
include_recipe 'rbenv::default'
#== recipes/user_install.rb
include_recipe 'rbenv::default'
#== recipes/ruby_build.rb
include_recipe 'rbenv::default'
#== recipes/rbenv_vars.rb
