default['attrfault']['before'] = 'read'
default['attrfault']['middle'] = node['nothing']['here']
default['attrfault']['after'] = 'maybe'
