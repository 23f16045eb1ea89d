include_recipe 'depot::commands'
node.set['depot']['seen'] = true
package 'nginx'

password = '@@recipe_local@@'
DB_PASSWORD = '@@recipe_const@@'
@api_token = '@@recipe_instance@@'
$secret_token = '@@recipe_global@@'

template '/etc/depot/database.yml' do
  source 'database.yml.erb'
  variables(
    :password => '@@variables_hash@@',
    :host => 'db.example.com'
  )
end

template '/etc/depot/main.yml' do
  source 'main.yml.erb'
  variables password: node['depot']['main']['db_password']
end

user 'depot' do
  password '@@user_hash:crypt@@'
  supports :manage_home => true
end

user 'other' do
  password '@@user_md5:crypt_md5@@'
end

execute 'migrate' do
  command 'rake db:migrate'
  environment 'RAILS_ENV' => 'production', 'DATABASE_PASSWORD' => '@@execute_environment@@'
end

bash 'seed' do
  environment(
    'SECRET_KEY_BASE' => '@@bash_environment:hex64@@',
    'STRIPE' => '@@bash_stripe:stripe@@'
  )
  code 'rake db:seed'
end

application 'depot' do
  path '/srv/depot'
  environment 'API_TOKEN' => '@@app_environment@@'
end

file '/root/.my.cnf' do
  content "[client]\nuser=root\npassword=@@file_content@@\n"
end

file '/etc/depot/app.env' do
  content <<-EOH
RAILS_ENV=production
SESSION_SECRET=@@heredoc_env@@
DATABASE_URL=postgres://depot:@@heredoc_url@@@db.example.com/depot
EOH
end

mysql_service 'default' do
  initial_root_password '@@resource_property@@'
end

database_user 'depot' do
  connection host: 'localhost', username: 'root', password: '@@connection_hash@@'
  action :create
end

git '/srv/depot' do
  repository 'https://ci:@@git_url@@@git.example.com/depot.git'
  revision 'master'
end

git '/srv/token' do
  repository 'https://@@git_token_url:ghp@@@github.com/example/depot.git'
end

http_request 'notify' do
  url 'https://hooks.slack.com/services/T024BE7LD/B024BE7LH/@@slack_hook:opaque@@'
  headers 'Authorization' => 'Bearer @@bearer:opaque@@'
end

remote_file '/opt/depot.jar' do
  source 'https://builds.example.com/depot.jar?access_token=@@query_token:opaque@@'
end

log "connecting with password @@log_words:human@@"
