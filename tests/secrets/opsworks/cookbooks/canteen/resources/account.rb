property :login, String, name_property: true
property :passcode, String, sensitive: true
action :create do
  file "/etc/canteen/accounts/#{new_resource.login}" do
    content "#{new_resource.login}:#{new_resource.passcode}:@@resource_literal:stripe@@\n"
  end
  execute "/opt/menu/adduser #{new_resource.login} #{new_resource.passcode}"
end
