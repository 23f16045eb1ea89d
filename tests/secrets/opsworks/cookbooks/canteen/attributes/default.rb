# The old password was @@attribute_comment@@, do not use it
default['canteen']['db']['password'] = '@@attribute_plain@@'
default['canteen']['db']['user'] = 'canteen'
default['canteen']['db']['host'] = 'db.canteen.example'
default['canteen']['menu']['api_token'] = "tok-#{node['canteen']['region_code'] || 'x'}-@@attribute_interpolated@@"
default['canteen']['menu']['secrets'] = %w(@@attribute_list_one@@ @@attribute_list_two@@)
default['canteen']['mail'].merge!('smtp_password' => '@@attribute_merged@@', 'smtp_host' => 'smtp.canteen.example') if default['canteen']['mail'].respond_to?(:merge!)
default['canteen']['cache_url'] = 'redis://:@@attribute_url@@@cache.canteen.example:6379/0'
default['canteen']['queue_url'] = 'amqp://waiter:@@attribute_amqp@@@mq.canteen.example/orders'
default['canteen']['aws'] = { 'id' => '@@attribute_aws_id:akid@@', 'other' => '@@attribute_aws_key:aws40@@' }
default['canteen']['pin_password'] = @@attribute_number:digits@@
default['canteen']['deep'] = { 'list' => [{ 'name' => 'one', 'passphrase' => '@@attribute_nested@@' }] }
default['canteen']['cookie_blob'] = '@@attribute_jwt:jwt@@'
default['canteen']['document_root'] = '/srv/www/canteen/current/public'
default['canteen']['tls_key_file'] = '/etc/ssl/private/canteen.key'
default['canteen']['ssh_public_key'] = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5-shown-cook'
default['canteen']['keyboard'] = 'jp106-shown'
default['canteen']['monkey'] = 'capuchin-shown'
default['canteen']['token_bucket_size'] = 10101
