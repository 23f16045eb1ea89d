default['tidegauge']['version'] = '2.8.1'
default['tidegauge']['checksum'] = {
  'x86_64' => '9d3c1a5c0e8f4b7262d1f0b4a6c9e7d58312fa604b9c7e1d2a3f5068b7c4d9e1',
  'aarch64' => '41f7c0b29e6a58d3b1c4f2079e8d6a5c3b2019f8e7d6c5b4a39281706f5e4d3c',
}
default['tidegauge']['mirror'] = 'https://releases.tidewatch.example/tidegauge'
default['tidegauge']['home'] = '/opt/tidegauge'
default['tidegauge']['log_level'] = 'info'
default['tidegauge']['port'] = 7400
default['tidegauge']['retention_days'] = 400
default['tidegauge']['stations'] = {
  'NORD1' => { 'name' => 'Nordhafen', 'datum' => 'NHN', 'interval' => 60 },
  'WEST3' => { 'name' => 'Westmole', 'datum' => 'NHN', 'interval' => 60 },
}
default['tidegauge']['database']['name'] = 'tides'
default['tidegauge']['database']['user'] = 'tidegauge'
default['tidegauge']['postgresql_version'] = 15
