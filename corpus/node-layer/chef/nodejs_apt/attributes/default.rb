default['nodejs_apt']['major'] = 10
default['nodejs_apt']['version'] = nil # the newest of the major version
default['nodejs_apt']['npm_version'] = '6.9.0'
