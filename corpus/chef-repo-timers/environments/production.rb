name 'production'
description 'The real sea'
cookbook 'tidegauge', '~> 4.2'
default_attributes(
  'tidegauge' => { 'report_to' => %w(office@tidewatch.example) }
)
override_attributes(
  'tidegauge' => { 'retention_days' => 730 },
  'redis_local' => { 'maxmemory' => '1gb' }
)
