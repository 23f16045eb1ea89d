login = data_bag_item('logins', 'mysql')
file '/etc/canteen/bag.cnf' do
  content "user=#{login['user']}\npassword=#{login['password']}\nother=#{login['extra']['motto']}\n"
end
sealed = Chef::EncryptedDataBagItem.load('sealed', 'pay', 'unlock-me')
file '/etc/canteen/pay' do
  content "key=#{sealed['live']}\n"
end
kept = chef_vault_item('vault', 'gate')
file '/etc/canteen/gate' do
  content kept['code'].to_s
end
decrypt = data_bag_item('sealed', 'pay', IO.read('/etc/chef/secret') )
execute "/opt/pay/login #{decrypt['live']}"
deploy_user = data_bag_item('deploy_keys', 'ci')
file '/home/cook/.ssh/id_ed25519' do
  content deploy_user['private']
  mode '0600'
end
file '/home/cook/.ssh/authorized_keys' do
  content deploy_user['public']
end
