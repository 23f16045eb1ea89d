default['redis_local']['maxmemory'] = '256mb'
default['redis_local']['policy'] = 'noeviction'
default['redis_local']['database'] = 2
default['redis_local']['appendonly'] = true
