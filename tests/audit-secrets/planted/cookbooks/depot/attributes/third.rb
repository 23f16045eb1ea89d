default['depot']['main']['db_password'] = node['pool']['two']
