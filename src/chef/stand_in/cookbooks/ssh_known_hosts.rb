#== attributes/default.rb
default['ssh_known_hosts']['file'] = '/etc/ssh/ssh_known_hosts'
default['ssh_known_hosts']['key_type'] = 'rsa,dsa'
#== recipes/default.rb
#== recipes/cacher.rb
