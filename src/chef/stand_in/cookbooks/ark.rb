#== attributes/default.rb
default['ark']['prefix_root'] = '/usr/local'
default['ark']['prefix_home'] = '/usr/local'
default['ark']['prefix_bin'] = '/usr/local/bin'
default['ark']['package_dependencies'] = %w(libtool autoconf unzip rsync make gcc)
#== recipes/default.rb
node['ark']['package_dependencies'].each { |name| package name }
