secrets = data_bag_item('depot', 'production')
password = secrets['password']
api_token = Chef::EncryptedDataBagItem.load('depot', 'tokens')['api']
token = node['depot']['cache']['auth_token']
db_password = get_password('db')
secret = Chef::EncryptedDataBagItem.load_secret('/etc/chef/secret')
key = SecureRandom.hex(32)
node_password = node.run_state['db_password']

template '/etc/depot/database.yml' do
  source 'database.yml.erb'
  variables(password: password, token: api_token, secret_file: '/etc/depot/secret')
  sensitive true
end

user 'depot' do
  password password
end

user 'locked' do
  password '*'
end

execute 'migrate' do
  command 'rake db:migrate'
  environment 'DATABASE_PASSWORD' => password, 'API_TOKEN' => "#{api_token}", 'HOME' => '/srv/depot'
  sensitive true
end

bash 'load' do
  code <<-EOH
    mysql --defaults-file=/root/.my.cnf depot < /srv/depot.sql
    mysql -u root -p depot < /srv/depot.sql
    PGPASSFILE=/root/.pgpass psql -h db depot
    DB_PASSWORD=$DB_PASSWORD ./run
    export API_TOKEN="${API_TOKEN}"
    export API_KEY=$(cat /run/secrets/api_key)
    curl -sSf -u "$USER:$PASSWORD" https://files.example.com/a.tgz -o a.tgz
    curl -H "Authorization: Bearer $TOKEN" https://api.example.com/
    echo "$PASSWORD" | docker login --password-stdin registry.example.com
    ./run --password-file /etc/depot/password --token-ttl 3600 --api-token "$API_TOKEN"
    docker run -p 8080:80 depot
    htpasswd -i /etc/nginx/htpasswd ops < /run/secrets/ops
    git clone https://git.example.com/depot.git
    openssl rsa -passin env:PASS -in a.key -out b.key
    ssh-keygen -t rsa -N '' -f /root/.ssh/id_rsa
    read -s -p "Password: " password
  EOH
end

file '/root/.ssh/authorized_keys' do
  content 'ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQDshown ops@example.com'
end

git '/srv/depot' do
  repository 'git@git.example.com:depot.git'
  revision 'da39a3ee5e6b4b0d3255bfef95601890afd80709'
end

remote_file '/opt/a.jar' do
  source 'https://builds.example.com/a.jar'
  checksum '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'
end

apt_repository 'depot' do
  uri 'https://packages.example.com/apt'
  key '0xF1656F24C74CD1D8'
end

Chef::Log.warn('the password is not set')
raise 'Set the password attribute of the depot cookbook' if password.nil?
# The password comes from a data bag; the token too.
