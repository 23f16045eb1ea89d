file '/etc/faults/attrfault' do
  content "#{node['attrfault']['before']}\n"
end
