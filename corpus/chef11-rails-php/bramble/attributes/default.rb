default[:bramble][:timezone] = 'Europe/Vienna'
default[:bramble][:packages] = %w(imagemagick libmagickwand-dev jq htop)
default[:bramble][:upload_limit] = '32m'
default[:bramble][:db_pool] = 10
default[:bramble][:replica_host] = nil
default[:bramble][:staging] = false
default[:bramble][:memcached][:namespace] = 'bramble'
default[:bramble][:memcached][:expires_in] = 12 * 60 * 60
default[:bramble][:mail][:relay] = 'mail.bramble.example'
default[:bramble][:mail][:port] = 587
default[:bramble][:mail][:user] = 'monit'
# TODO: move to the stack's JSON like the others
default[:bramble][:mail][:password] = 'monit-PLANTED-8w2Qz7'

default[:bramble][:magazine] = {
  'cache_ttl' => 300,
  'theme'     => 'thicket',
  'comments'  => true
}

case node[:platform]
when 'ubuntu', 'debian'
  default[:bramble][:monit_dir] = '/etc/monit/conf.d'
  default[:bramble][:php_ini] = '/etc/php5/apache2/conf.d/60-bramble.ini'
else
  default[:bramble][:monit_dir] = '/etc/monit.d'
  default[:bramble][:php_ini] = '/etc/php.d/60-bramble.ini'
end
