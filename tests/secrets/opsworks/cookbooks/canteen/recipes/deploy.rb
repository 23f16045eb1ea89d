app = search('aws_opsworks_app').first
directory '/srv/www/canteen'
git '/srv/www/canteen/current' do
  repository app['app_source']['url']
  revision 'main'
end
file '/srv/www/canteen/shared/.env' do
  content app['environment'].map { |key, value| "#{key}=#{value}" }.join("\n")
end
template '/srv/www/canteen/shared/config/database.yml' do
  source 'database.yml.erb'
end
execute 'migrate' do
  command 'bundle exec rake db:migrate'
  cwd '/srv/www/canteen/current'
  environment 'DATABASE_URL' => "mysql2://canteen:@@deploy_database_url@@@db/canteen", 'RAILS_ENV' => 'production'
end
execute 'precompile' do
  command 'SECRET_KEY_BASE=@@deploy_precompile@@ bundle exec rake assets:precompile'
  cwd '/srv/www/canteen/current'
end
canteen_account 'admin' do
  passcode '@@custom_resource@@'
end
