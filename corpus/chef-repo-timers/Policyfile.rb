# The same collector as roles/collector.rb, for the day when everything has moved to policies.
name 'collector'
default_source :chef_repo, '.'

cookbook 'tidegauge', path: 'cookbooks/tidegauge'
cookbook 'timers', path: 'cookbooks/timers'
cookbook 'base_os', path: 'site-cookbooks/base_os'
cookbook 'redis_local', path: 'site-cookbooks/redis_local'

run_list 'base_os', 'redis_local', 'tidegauge'
named_run_list :reports, 'base_os', 'tidegauge::reports'

default['tidegauge']['log_level'] = 'warn'
override['tidegauge']['retention_days'] = 90
