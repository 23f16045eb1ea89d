#== attributes/default.rb
default['yum']['epel']['enabled'] = true
default['yum']['epel']['managed'] = true
#== recipes/default.rb
package 'epel-release' if platform_family?('rhel', 'amazon')
