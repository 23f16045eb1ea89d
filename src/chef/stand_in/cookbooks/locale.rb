#== attributes/default.rb
default['locale']['lang'] = 'en_US.utf8'
default['locale']['lc_all'] = node['locale']['lang']
#== recipes/default.rb
locale 'system' do
  lang node['locale']['lang']
end
