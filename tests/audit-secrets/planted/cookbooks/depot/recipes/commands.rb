execute 'mysql -u root -p@@mysql_p@@ -e "SELECT 1"'
execute 'load' do
  command "mysqldump --password=@@dump_long@@ depot > /tmp/depot.sql"
end
execute 'fetch' do
  command 'curl -u deploy:@@curl_u@@ https://files.example.com/a.tgz -o /tmp/a.tgz'
end
execute 'pg' do
  command "PGPASSWORD=@@pgpassword@@ psql -h db.example.com -U depot -c 'SELECT 1'"
end
bash 'heredoc' do
  code <<-EOH
    set -e
    apt-get -y upgrade
    export AWS_SECRET_ACCESS_KEY=@@heredoc_export:aws40@@
    export AWS_ACCESS_KEY_ID=@@heredoc_akid:akid@@
    sshpass -p '@@sshpass@@' scp a.tgz deploy@files.example.com:
    redis-cli -h cache -a @@redis_a@@ FLUSHALL
    docker login -u ci -p @@docker_login@@ registry.example.com
    echo 'depot:@@chpasswd@@' | chpasswd
    echo @@stdin@@ | docker login --password-stdin registry.example.com
    htpasswd -bc /etc/nginx/htpasswd ops @@htpasswd_b@@
    curl -H 'Authorization: Bearer @@curl_bearer:opaque@@' https://api.example.com/
    curl -H "X-Api-Key: @@curl_header:opaque@@" https://api.example.com/
    wget --user=ci --password=@@wget@@ https://files.example.com/b.tgz
    mysql -e "CREATE USER 'depot'@'%' IDENTIFIED BY '@@identified@@';"
    psql -c "ALTER USER depot WITH PASSWORD '@@with_password@@';"
    aws configure set aws_secret_access_key @@aws_configure:aws40@@
    rabbitmqctl add_user depot @@rabbit@@
    openssl enc -aes-256-cbc -k @@openssl_k@@ -in a -out b
    openssl rsa -passin pass:@@openssl_pass@@ -in a.key -out b.key
    ldapsearch -x -D cn=admin -w @@ldap_w@@ -b dc=example
    java -Djavax.net.ssl.keyStorePassword=@@java_d@@ -jar depot.jar
    keytool -storepass @@storepass@@ -list
    ./run --api-token @@option_token@@ --verbose
    git clone https://ci:@@git_clone@@@git.example.com/depot.git
    npm config set //registry.example.com/:_authToken @@npm_set@@
    bundle config gems.example.com ci:@@bundle_config@@
  EOH
end
script 'perl' do
  interpreter 'perl'
  code <<-EOH
    my $password = '@@perl_password@@';
  EOH
end
cron 'backup' do
  minute '0'
  hour '3'
  command 'mysqldump -udepot -p@@cron_command@@ depot | gzip > /var/backups/depot.gz'
end
cron 'report' do
  minute '5'
  environment 'REPORT_TOKEN' => '@@cron_environment@@'
  command '/usr/local/bin/report'
end
system("mysqladmin -u root password '@@mysqladmin@@'")
result = shell_out("curl --user ops:@@shell_out@@ http://localhost:9200")
listing = `mysql -uroot -p@@backtick@@ -e 'show databases'`
Chef::Log.info(listing) # ekiben: allow(nothing) the old password was @@allow_reason:human@@
execute 'allowed' do
  command 'mysql -u root -p@@allowed@@ depot' # ekiben: allow(secret-on-command-line, hard-coded-secret) known
end
