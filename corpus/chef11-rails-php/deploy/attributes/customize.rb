# Overrides of the built-in deploy cookbook. Nothing else of it is replaced.
normal[:opsworks][:deploy_user][:shell] = '/bin/bash'
normal[:opsworks][:deploy_keep_releases] = 3
normal[:opsworks][:rails][:ignore_bundler_groups] = ['test', 'development', 'console']

node[:deploy].each do |application, deploy|
  next unless deploy[:application_type] == 'rails'

  normal[:deploy][application][:purge_before_symlink] = %w(log tmp/pids public/system public/uploads)
  normal[:deploy][application][:symlinks] = {
    'system'  => 'public/system',
    'uploads' => 'public/uploads',
    'pids'    => 'tmp/pids',
    'log'     => 'log'
  }
  # the service sends database.yml and memcached.yml here, ours come on top
  normal[:deploy][application][:symlink_before_migrate] = {
    'config/database.yml'  => 'config/database.yml',
    'config/memcached.yml' => 'config/memcached.yml',
    'config/dalli.yml'     => 'config/dalli.yml',
    '.env'                 => '.env'
  }
end if node[:deploy]
