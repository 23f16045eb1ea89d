directory '/srv/pier'
service 'pier' do
  start_command "/opt/pier/start --password @@service_start@@"
  action :start
end
mysql_database_user 'pier' do
  connection(host: '127.0.0.1', username: 'root', password: '@@connection_hash@@')
  password '@@unknown_resource@@'
  action :grant
end
htpasswd '/etc/pier.htpasswd' do
  user 'cook'
  password '@@htpasswd_resource@@'
end
template '/etc/pier.xml' do
  source 'pier.xml.erb'
  sensitive true
end
file '/etc/pier.sensitive' do
  content '@@sensitive_content@@'
  sensitive true
end
execute 'sensitive' do
  command '/opt/pier/join @@sensitive_command@@'
  sensitive true
end
