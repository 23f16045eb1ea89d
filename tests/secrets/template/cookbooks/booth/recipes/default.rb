file '/etc/booth.json' do
  content node['booth'].to_hash.to_json
end
app = search('aws_opsworks_app').first
file '/srv/booth/.env' do
  content app['environment'].map { |name, value| "export #{name}=#{value}\n" }.join
end
file '/etc/booth.license' do
  content node['booth']['license'].to_s
end
