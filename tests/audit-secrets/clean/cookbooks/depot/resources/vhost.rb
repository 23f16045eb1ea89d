property :password, String, sensitive: true
property :password_column, String, default: 'password'
attribute :api_key, kind_of: String, required: true
attribute :secret_file, kind_of: String, default: '/etc/chef/secret'
