execute 'mysql-short' do
  command 'mysql -uroot -p@@mysql_p@@ -e "CREATE DATABASE canteen"'
end
execute 'mysql-long' do
  command 'mysqladmin --user=root --password=@@mysql_long@@ ping'
end
execute "curl -u waiter:@@curl_u@@ https://api.canteen.example/reload"
execute 'curl-header' do
  command "curl -H 'Authorization: Bearer @@curl_bearer:opaque@@' -H 'X-Api-Key: @@curl_api_key@@' https://api.canteen.example"
end
execute 'curl-basic' do
  command "curl -H \"Authorization: Basic @@curl_basic:opaque@@\" https://api.canteen.example"
end
execute 'curl-user-long' do
  command "curl --user waiter:@@curl_user_long@@ https://api.canteen.example"
end
execute 'wget-password' do
  command "wget --http-user=waiter --http-password=@@wget_password@@ https://dl.canteen.example/menu.tgz"
end
execute 'assignment' do
  command 'PGPASSWORD=@@pgpassword@@ psql -h db -U canteen -c "SELECT 1"'
end
execute 'mysql-pwd' do
  command 'MYSQL_PWD=@@mysql_pwd@@ mysqldump canteen > /tmp/dump.sql'
end
execute 'docker-login' do
  command 'echo @@docker_stdin@@ | docker login -u waiter --password-stdin registry.canteen.example'
end
execute 'docker-login-p' do
  command 'docker login -u waiter -p @@docker_p@@ registry.canteen.example'
end
execute 'sshpass' do
  command "sshpass -p '@@sshpass@@' scp menu.txt cook@host:/tmp"
end
execute 'aws-env' do
  command 'aws s3 sync s3://canteen-assets /srv/assets'
  environment 'AWS_ACCESS_KEY_ID' => '@@env_aws_id:akid@@', 'AWS_SECRET_ACCESS_KEY' => '@@env_aws_key:aws40@@', 'PAYMENT_TOKEN' => '@@env_token@@'
end
execute 'aws-configure' do
  command 'aws configure set aws_secret_access_key @@aws_configure@@'
end
execute 'htpasswd -b' do
  command 'htpasswd -bc /etc/nginx/htpasswd cook @@htpasswd_b@@'
end
execute 'psql-url' do
  command 'psql postgres://canteen:@@psql_url@@@db.canteen.example/canteen -c "VACUUM"'
end
execute 'redis-a' do
  command 'redis-cli -h cache -a @@redis_a@@ FLUSHALL'
end
execute 'openssl-pass' do
  command 'openssl enc -d -aes-256-cbc -in a.enc -out a -pass pass:@@openssl_pass@@'
end
execute 'openssl-k' do
  command 'openssl enc -d -aes-256-cbc -k @@openssl_k@@ -in b.enc -out b'
end
execute 'chpasswd' do
  command "echo 'cook:@@chpasswd@@' | chpasswd"
end
execute 'mysql-identified' do
  command %q(mysql -e "GRANT ALL ON canteen.* TO 'canteen'@'%' IDENTIFIED BY '@@identified_by@@'")
end
execute 'psql-alter' do
  command %q(psql -c "ALTER USER canteen WITH PASSWORD '@@alter_user@@'")
end
execute 'rabbit' do
  command 'rabbitmqctl add_user waiter @@rabbit_user@@'
end
execute 'npm-token' do
  command 'npm config set //registry.npmjs.org/:_authToken @@npm_config:npm@@'
end
execute 'bundle-config' do
  command 'bundle config gems.canteen.example waiter:@@bundle_config@@'
end
execute 'git-clone' do
  command 'git clone https://waiter:@@git_url@@@git.canteen.example/menu.git /srv/menu'
end
execute 'git-token' do
  command 'git clone https://@@git_token:ghp@@@github.com/canteen/menu.git /srv/menu2'
end
execute 'smbclient' do
  command 'smbclient //share/menu -U waiter%@@smbclient@@ -c "get menu.txt"'
end
execute 'ldap' do
  command 'ldapsearch -x -D cn=admin -w @@ldap_w@@ -b dc=canteen'
end
execute 'with-flag' do
  command '/opt/agent/bin/agent --license-key=@@license_flag@@ --api-token @@token_flag@@ --port 8080'
end
execute 'slack' do
  command 'curl -d "deployed" https://hooks.slack.com/services/T00/B00/@@slack_hook@@'
end
execute 'telegram' do
  command 'curl "https://api.canteen.example/send?access_token=@@query_token@@&text=hello"'
end
bash 'heredoc' do
  code <<-EOH
    export DB_PASSWORD=@@bash_export@@
    cat > /etc/canteen/inner.ini <<INNER
[client]
user = root
password = @@bash_inner@@
INNER
    mysql -u root -p'@@bash_quoted@@' < /tmp/grants.sql
  EOH
end
script 'python' do
  interpreter 'python3'
  code <<-EOH
password = "@@script_python@@"
connect(user="canteen", passwd="@@script_keyword@@")
  EOH
end
execute 'echo-into' do
  command "echo '@@echo_into@@' > /etc/canteen/api_token && echo 'secret_key: @@echo_yaml@@' >> /etc/canteen/settings.yml"
  creates '/etc/canteen/api_token'
end
execute 'guarded' do
  command '/opt/menu/import'
  only_if "mysql -uroot -p@@guard_mysql@@ -e 'SELECT 1'"
  not_if "curl -u waiter:@@guard_curl@@ https://api.canteen.example/imported"
end
execute "/opt/menu/notify --password '@@name_of_resource@@'"
git '/srv/recipes' do
  repository 'https://waiter:@@git_resource@@@git.canteen.example/recipes.git'
  revision 'main'
end
remote_file '/opt/agent.tgz' do
  source 'https://dl.canteen.example/agent.tgz?token=@@remote_query@@'
  headers('Authorization' => 'token @@remote_header@@', 'PRIVATE-TOKEN' => '@@remote_private_token@@')
end
remote_file '/opt/agent2.tgz' do
  source 'https://waiter:@@remote_url@@@dl.canteen.example/agent2.tgz'
end
apt_repository 'private' do
  uri 'https://waiter:@@apt_url@@@apt.canteen.example/ubuntu'
  distribution 'focal'
  components ['main']
  key 'https://waiter:@@apt_key_url@@@apt.canteen.example/key.asc'
end
http_request 'ping' do
  url 'https://api.canteen.example/ping'
  headers('Authorization' => "Basic #{Base64.strict_encode64('waiter:@@http_request_basic@@')}")
  message(token: '@@http_request_body@@')
  action :post
end
ruby_block 'write' do
  block do
    File.write('/etc/canteen/rb', "password=@@ruby_block@@")
  end
end
log "the password is @@log_message@@"
log 'from attribute' do
  message "connecting to #{node['canteen']['conn']['dsn']}"
end
Chef::Log.info("token: @@chef_log@@")
