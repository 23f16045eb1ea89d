#== attributes/default.rb
default['nodejs']['install_method'] = 'package'
default['nodejs']['engine'] = 'node'
default['nodejs']['version'] = '10.16.3'
default['nodejs']['dir'] = '/usr/local'
default['nodejs']['node_bin'] = 'node'
default['nodejs']['npm_bin'] = 'npm'
default['nodejs']['npm']['install_method'] = 'embedded'
default['nodejs']['npm']['version'] = 'latest'
default['nodejs']['npm_packages'] = nil
default['nodejs']['install_repo'] = true
default['nodejs']['repo'] = 'https://deb.nodesource.com/node_10.x'
#== recipes/default.rb
include_recipe 'nodejs::install'
(node['nodejs']['npm_packages'] || []).each do |entry|
  nodejs_npm entry['name'] do
    version entry['version'] if entry['version']
  end
end
#== recipes/install.rb
package 'nodejs'
#== recipes/npm.rb
#== recipes/repo.rb
#== recipes/nodejs.rb
include_recipe 'nodejs::install'
#== recipes/nodejs_from_binary.rb
include_recipe 'nodejs::install'
#== recipes/nodejs_from_source.rb
include_recipe 'nodejs::install'
#== recipes/nodejs_from_package.rb
include_recipe 'nodejs::install'
