file '/etc/faults/missing_file' do
  content 'before'
end

cookbook_file '/etc/faults/missing_file.bin' do
  source 'no_such_file.bin'
end

file '/etc/faults/missing_file_after' do
  content 'after'
end
