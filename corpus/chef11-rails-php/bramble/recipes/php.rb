package value_for_platform(
  ['ubuntu', 'debian'] => { 'default' => 'php5-memcached' },
  'default' => 'php-pecl-memcached'
)

template node[:bramble][:php_ini] do
  source 'php.ini.erb'
  mode 0644
  variables :servers => instances_of('memcached').map { |_, i| "#{i[:private_ip]}:11211" }
  notifies :restart, 'service[apache2]', :delayed
end

service 'apache2' do
  action :nothing
end

# On every PHP host, on purpose: it cleans up the host's own files.
cron 'magazine: old thumbnails' do
  hour '4'
  minute '20'
  user 'root'
  command 'find /srv/www/magazine/shared/thumbs -type f -mtime +30 -delete'
end

if first_of?('php-app')
  cron 'magazine: newsletter' do
    weekday '4'
    hour '8'
    minute '0'
    user node[:opsworks][:deploy_user][:user]
    command 'cd /srv/www/magazine/current && php bin/newsletter.php --list=readers'
  end
end
