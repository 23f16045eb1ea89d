env :REPORT_TOKEN, '@@whenever_env@@'
set :output, '/var/log/cron.log'
every 1.day, at: '3:00 am' do
  rake 'menu:refresh'
  command "curl -u waiter:@@whenever_command@@ https://api.canteen.example/refresh"
  runner "Menu.import(password: '@@whenever_runner@@')"
end
every 1.hour do
  command "MENU_SECRET=@@whenever_assignment@@ /opt/menu/hourly"
end
