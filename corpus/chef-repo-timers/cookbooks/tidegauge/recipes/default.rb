settings = node['tidegauge']
secrets  = data_bag_item('secrets', 'tidegauge')
archive  = tidegauge_url
database = tidegauge_dsn(secrets['database_password'])

include_recipe '::_account'
include_recipe '::_postgresql_client'

settings['stations'].each do |code, station|
  tidegauge_station code do
    label station['name']
    datum station['datum']
    interval station['interval']
  end
end

# Buoys are announced by the hosts that carry them.
search(:node, "buoy_code:* AND chef_environment:#{node.chef_environment}").sort_by(&:name).each do |host|
  tidegauge_station host['buoy']['code'] do
    label host['buoy']['name']
    interval 10
  end
end

tidegauge_instance 'harbour' do
  version settings['version']
  url archive
  checksum settings['checksum'][node['kernel']['machine']]
  home settings['home']
  port settings['port']
  log_level settings['log_level']
  dsn database
  redis_url lazy { "redis://:#{secrets['redis_password']}@127.0.0.1:6379/#{node.run_state.fetch('redis_database', 0)}" }
  action %i(install run)
end

# Every ten minutes, counted from the last run
timers_job 'tidegauge-flush' do
  description 'Write what is buffered'
  command "#{settings['home']}/bin/tidegauge flush --wait 30s"
  user 'tidegauge'
  every 600
  after_boot '5min'
end

file '/etc/profile.d/tidegauge.sh' do
  content "export PATH=$PATH:#{settings['home']}/bin\n"
  mode '0644'
end
