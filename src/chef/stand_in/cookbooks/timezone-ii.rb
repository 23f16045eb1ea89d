#== attributes/default.rb
default['tz'] = 'Etc/UTC'
#== recipes/default.rb
timezone node['tz']
