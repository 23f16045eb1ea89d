file '/etc/faults/duplicates' do
  content 'before'
end

file '/etc/faults/duplicates.conf' do
  content 'first'
  mode '0600'
end

execute 'same name' do
  command 'echo first'
end

file '/etc/faults/duplicates.conf' do
  content 'second'
end

execute 'same name' do
  command 'echo second'
end
