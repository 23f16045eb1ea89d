file '/etc/pier.conf' do
  content <<~EOT
    role=#{node['pier']['role_password']} #{node['pier']['role_json_token']}
    env=#{node['pier']['environment_secret']} #{node['pier']['environment_json_key']}
    node=#{node['pier']['node_password']} #{node['pier']['policy_password']}
    arg=#{node['pier']['argument_password']} #{node.run_state['password']}
    hook=#{node['pier']['hook']}
    visible=#{node['pier']['visible']}
  EOT
end
query = search(:keys, 'id:web').first
file '/etc/pier.key' do
  content query['private_key'].to_s
end
search(:node, 'role:pier') do |other|
  log "found #{other['pier']['node_password']}"
end
file '/etc/pier.all' do
  content node['pier'].to_hash.inspect
end
node.override['pier']['late_token'] = '@@recipe_override@@'
file '/etc/pier.late' do
  content node['pier']['late_token']
end
include_recipe 'pier::more'
