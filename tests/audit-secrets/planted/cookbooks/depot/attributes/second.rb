default['pool']['two'] = node['pool']['one']
