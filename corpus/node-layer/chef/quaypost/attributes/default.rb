default['quaypost']['root'] = '/srv/quaypost'
default['quaypost']['user'] = 'quaypost'
default['quaypost']['port'] = 3000
default['quaypost']['node_options'] = '--max-old-space-size=384'
default['quaypost']['keep_releases'] = 4
default['quaypost']['redis']['host'] = 'localhost'
default['quaypost']['redis']['port'] = 6379
default['quaypost']['config_bucket'] = 'quaypost-config'
default['quaypost']['config_files'] = { 'carriers.json' => 'carriers.json' }

# What a layer runs; the names are those of the Procfile.
default['quaypost']['processes']['api'] = { 'name' => 'web', 'command' => 'node server.js', 'stop_timeout' => 20 }
default['quaypost']['processes']['courier'] = { 'name' => 'courier', 'command' => 'node courier.js', 'stop_timeout' => 60 }
