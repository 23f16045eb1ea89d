file '/etc/faults/notify_missing' do
  content 'before'
end

file '/etc/faults/notify_missing.conf' do
  content 'a'
  notifies :restart, 'service[oven]'
end
