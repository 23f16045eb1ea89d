#== attributes/default.rb
default['hostname_cookbook']['hostsfile_ip'] = '127.0.1.1'
#== recipes/default.rb
