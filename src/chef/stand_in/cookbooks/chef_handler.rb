#== attributes/default.rb
default['chef_handler']['handler_path'] = '/var/chef/handlers'
#== recipes/default.rb
#== recipes/json_file.rb
