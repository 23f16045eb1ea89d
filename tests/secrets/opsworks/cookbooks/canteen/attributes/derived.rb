include_attribute 'canteen::default'
default['canteen']['link'] = "postgres://#{node['canteen']['db']['user']}:#{node['canteen']['db']['password']}@#{node['canteen']['db']['host']}/canteen"
default['canteen']['phrase'] = '@@attribute_derived_source@@'
