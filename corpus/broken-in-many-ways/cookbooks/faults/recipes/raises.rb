file '/etc/faults/raises' do
  content 'before'
end

raise "no oven lets #{node['faults']['token']} in" if node['faults']['token']
