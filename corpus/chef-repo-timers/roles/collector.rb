name 'collector'
description 'Takes the readings'
run_list 'recipe[base_os]', 'recipe[redis_local]', 'recipe[tidegauge]'
env_run_lists(
  'staging' => ['recipe[base_os]', 'recipe[redis_local]', 'recipe[tidegauge]', 'recipe[tidegauge::reports]']
)
default_attributes(
  'tidegauge' => {
    'stations' => {
      'OST2' => { 'name' => 'Ostkai', 'datum' => 'NHN', 'interval' => 30 },
    },
    'report_to' => %w(tides@tidewatch.example),
  }
)
