#== metadata.rb
name 'ruby-ng'
#== attributes/default.rb
default['ruby-ng']['ruby_version'] = '2.7'
#== recipes/default.rb
package "ruby#{node['ruby-ng']['ruby_version']}"
#== recipes/dev.rb
include_recipe 'ruby-ng::default'
package "ruby#{node['ruby-ng']['ruby_version']}-dev"
