property :name, String
property :auth_password, String, default: '@@property_default@@'
attribute :api_key, :kind_of => String, :default => '@@attribute_default:opaque@@'
action :create do
  file '/etc/x' do
    content "token=@@resource_content:opaque@@"
  end
end
