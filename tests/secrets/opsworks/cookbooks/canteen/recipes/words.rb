raise "cannot log in as canteen with password @@raise_message@@" if node['canteen']['keyboard'] == 'jp106-shown'
