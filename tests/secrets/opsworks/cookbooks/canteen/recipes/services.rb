cron 'report' do
  minute '5'
  hour '3'
  command 'REPORT_TOKEN=@@cron_assignment@@ /opt/menu/report --password=@@cron_flag@@'
  environment 'CRON_SECRET' => '@@cron_environment@@'
end
cron 'mailer' do
  hour '4'
  minute '0'
  command "curl -s -u waiter:@@cron_curl@@ https://api.canteen.example/mail"
end
file '/etc/cron.d/canteen' do
  content "MAILTO=cook@canteen.example\nAPI_TOKEN=@@crond_env@@\n*/5 * * * * cook curl -H 'X-Auth-Token: @@crond_header@@' https://api.canteen.example/tick\n"
end
file '/etc/systemd/system/waiter.service' do
  content <<-EOT
[Unit]
Description=Waiter
[Service]
User=cook
Environment=WAITER_TOKEN=@@systemd_environment@@ "OTHER_SECRET=@@systemd_quoted@@"
Environment=VISIBLE=shown-systemd
ExecStart=/opt/waiter/bin/waiter --auth-token @@systemd_flag@@ --port 9000
[Install]
WantedBy=multi-user.target
  EOT
end
service 'waiter' do
  action [:enable, :start]
end
file '/etc/init/dishes.conf' do
  content <<-EOT
start on runlevel [2345]
env DISHES_PASSWORD=@@upstart_env@@
setuid cook
exec /opt/dishes/bin/dishes --secret=@@upstart_flag@@
  EOT
end
service 'dishes' do
  provider Chef::Provider::Service::Upstart
  action [:enable, :start]
end
package 'supervisor'
file '/etc/supervisor/conf.d/grill.conf' do
  content <<-EOT
[program:grill]
command=/opt/grill/bin/grill --token=@@supervisor_flag@@
environment=GRILL_SECRET="@@supervisor_env@@",HOME="/home/cook"
user=cook
  EOT
end
service 'supervisor' do
  action [:enable, :start]
end
package 'monit'
file '/etc/monit/conf.d/oven.monitrc' do
  content <<-EOT
set httpd port 2812 allow admin:@@monit_httpd@@
check process oven with pidfile /var/run/oven.pid
  start program = "/bin/sh -c 'OVEN_PASSWORD=@@monit_start@@ /opt/oven/bin/oven'"
  stop program = "/bin/kill oven"
  EOT
end
service 'monit' do
  action [:enable, :start]
end
template '/etc/nginx/sites-enabled/canteen' do
  source 'site.conf.erb'
end
service 'nginx' do
  action [:enable, :start]
end
file '/etc/nginx/htpasswd' do
  content "cook:@@htpasswd_hash:crypt@@\nwaiter:{PLAIN}@@htpasswd_plain@@\n"
end
file '/etc/default/waiter' do
  content "WAITER_API_KEY='@@etc_default@@'\n"
end
systemd_unit 'sweeper.service' do
  content({ Service: { ExecStart: '/opt/sweeper --password @@systemd_unit_flag@@', Environment: 'SWEEP_TOKEN=@@systemd_unit_env@@' } })
  action [:create, :enable, :start]
end
