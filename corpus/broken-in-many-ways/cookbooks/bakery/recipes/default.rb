package %w(curl openjdk-17-jre-headless)

user node['bakery']['user'] do
  system true
  manage_home true
end

remote_file '/opt/bakery.jar' do
  source 'https://ci:url-PLANTED-2@builds.bakery.example/bakery-1.0.jar'
  mode '0644'
end

template '/etc/bakery.properties' do
  source 'Rezept für Brötchen.erb'
  owner node['bakery']['user']
  mode '0640'
  sensitive true
end

cookbook_file '/etc/bakery notes.txt' do
  source 'Öffnungszeiten & Preise.txt'
  mode '0644'
end

execute 'first batch' do
  command 'java -jar /opt/bakery.jar --prepare --license=cmd-PLANTED-3'
  user node['bakery']['user']
  creates '/var/lib/bakery/ready'
end

cron 'order flour' do
  minute '0'
  hour '2'
  user node['bakery']['user']
  command 'java -jar /opt/bakery.jar --order-flour'
end

systemd_unit 'bakery.service' do
  content <<-UNIT
[Unit]
Description=Bakery

[Service]
User=#{node['bakery']['user']}
ExecStart=/usr/bin/java -jar /opt/bakery.jar --config /etc/bakery.properties

[Install]
WantedBy=multi-user.target
  UNIT
  action [:create, :enable, :start]
end
