default['bakery']['port'] = 8090
default['bakery']['user'] = 'baker'
default['bakery']['breads'] = %w(rye spelt)
default['bakery']['till']['password'] = 'till-PLANTED-1'
