include_attribute 'canteen::derived'
default['canteen']['upper'] = node['canteen']['db']['password'].upcase
default['canteen']['conn'] = { 'dsn' => "#{node['canteen']['link']}?sslmode=require", 'password' => node['canteen']['phrase'] }
override['canteen']['db']['replica_password'] = '@@attribute_override@@'
