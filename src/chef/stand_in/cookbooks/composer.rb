#== attributes/default.rb
default['composer']['bin'] = '/usr/local/bin/composer'
default['composer']['install_dir'] = '/usr/local/bin'
#== recipes/default.rb
package 'composer'
