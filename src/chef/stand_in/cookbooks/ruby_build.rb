#== attributes/default.rb
default['ruby_build']['default_ruby_base_path'] = '/usr/local/ruby'
default['ruby_build']['upgrade'] = 'none'
default['ruby_build']['git_url'] = 'https://github.com/rbenv/ruby-build.git'
#== recipes/default.rb
package 'git'
