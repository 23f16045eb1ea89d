secrets = data_bag_item('secrets', 'tidegauge')
database = tidegauge_dsn(secrets['database_password'])

include_recipe '::_account'
include_recipe '::_postgresql_client'

package 'mailutils' if debian?

cookbook_file '/usr/local/bin/tide-report' do
  source 'tide-report'
  mode '0755'
end

template '/etc/tidegauge/report.env' do
  source 'env.erb'
  group 'tidegauge'
  mode '0640'
  sensitive true
  variables(
    settings: {
      'DATABASE_URL' => database,
      'REPORT_TO' => node['tidegauge']['report_to'].join(','),
    }
  )
end

# At exactly these times, UTC
timers_job 'tide-report' do
  command '/usr/local/bin/tide-report daily'
  user 'tidegauge'
  on_calendar ['*-*-* 05:45:00 UTC', '*-*-* 17:45:00 UTC']
  persistent true
  environment 'LC_ALL' => 'C.UTF-8', PGAPPNAME: 'tide-report'
end

timers_job 'tide-prune' do
  command "/usr/local/bin/tide-report prune #{node['tidegauge']['retention_days']}"
  user 'tidegauge'
  on_calendar 'Sun *-*-* 03:30:00'
  random_delay '20min'
end

timers_job 'tide-weekly' do
  action :delete
end
