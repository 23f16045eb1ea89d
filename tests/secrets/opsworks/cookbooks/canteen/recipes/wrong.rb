database_password = '@@wrong_unused@@'
no_such_resource 'login' do
  password '@@wrong_resource@@'
  connection host: 'db', password: '@@wrong_hash@@'
end
file '/etc/canteen/wrong' do
  no_such_property '@@wrong_property_value@@'
end
undefined_thing.call("token", '@@wrong_call@@')
template '/etc/canteen/missing.conf' do
  source 'not-there.erb'
  variables secret_key: '@@wrong_template@@'
end
