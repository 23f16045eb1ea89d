method = node['heliograph']['install_method']
raise "heliograph: install_method is #{method.inspect}, not package or source" unless %w(package source).include?(method)

include_recipe "heliograph::install_#{method}"
include_recipe 'heliograph::configure'
include_recipe 'heliograph::service'
