node_name 'ops'
client_key "#{ENV['HOME']}/.chef/ops.pem"
knife[:aws_access_key_id] = '@@knife_akid:akid@@'
knife[:aws_secret_access_key] = '@@knife_aws40:aws40@@'
knife[:ssh_password] = '@@knife_password@@'
