# the admin's login is admin / password: @@recipe_comment@@
package 'nginx'
package 'curl'

user 'cook' do
  home '/home/cook'
  shell '/bin/bash'
  password '@@user_password_hash:crypt@@'
end

file '/etc/canteen/visible.conf' do
  content "root #{node['canteen']['document_root']}\nkey #{node['canteen']['tls_key_file']}\npub #{node['canteen']['ssh_public_key']}\nkb #{node['canteen']['keyboard']} #{node['canteen']['monkey']} #{node['canteen']['token_bucket_size']}\n"
end

template '/etc/canteen/app.conf' do
  source 'app.conf.erb'
  owner 'cook'
  mode '0600'
  variables(
    db: node['canteen']['db'],
    conn: node['canteen']['conn'],
    shouting: node['canteen']['upper'],
    gate_password: '@@template_variable@@',
    list: node['canteen']['menu']['secrets'],
    nested: { 'inner' => [{ 'auth_token' => '@@template_nested@@' }] }
  )
end

file '/etc/canteen/all.json' do
  content JSON.pretty_generate(node['canteen'].to_hash)
end

file '/etc/canteen/encoded.txt' do
  content "#{Base64.strict_encode64("canteen:#{node['canteen']['db']['password']}")}\n#{CGI.escape(node['canteen']['mail']['smtp_password'].to_s)}\n#{node['canteen']['db']['password'].reverse}\n"
end

%w(id_rsa netrc pgpass npmrc aws_credentials ssh_config htpasswd my.cnf app.properties wp-config.php settings.py docker.json kube.yaml).each do |name|
  cookbook_file "/home/cook/.#{name}" do
    source name
    mode '0600'
  end
end

file '/home/cook/.netrc2' do
  content "machine git.canteen.example login waiter password @@inline_netrc@@\n"
end

file '/root/.pgpass' do
  content "db.canteen.example:5432:canteen:canteen:@@inline_pgpass@@\n"
end

file '/etc/canteen/heredoc.env' do
  content <<-EOT
API_TOKEN=@@heredoc_env@@
export SESSION_SECRET="@@heredoc_export@@"
PLAIN=shown-plain
  EOT
end

deploy_token = '@@local_variable@@'
file '/etc/canteen/token' do
  content deploy_token
end

app_data = search('aws_opsworks_app').first
file '/etc/canteen/environment.json' do
  content app_data['environment'].to_json
end
file '/etc/canteen/ssl.key' do
  content app_data['ssl_configuration']['private_key'].to_s
end
file '/etc/canteen/deploy_key' do
  content app_data['app_source']['ssh_key'].to_s
end

stack = search('aws_opsworks_stack').first
file '/etc/canteen/stack.json' do
  content stack.to_json
end
file '/etc/canteen/source_password' do
  content stack['custom_cookbooks_source']['password'].to_s
end

rds = search('aws_opsworks_rds_db_instance').first
file '/etc/canteen/rds.yml' do
  content({ 'production' => { 'username' => rds['db_user'], 'password' => rds['db_password'] } }.to_yaml)
end

template '/etc/canteen/custom.conf' do
  source 'custom.conf.erb'
end

%w(comment.conf setting.xml element.xml redis.conf env.sh toml.toml list.yml ini.ini literal.properties).each do |name|
  template "/etc/canteen/lone/#{name}" do
    source "#{name}.erb"
  end
end
