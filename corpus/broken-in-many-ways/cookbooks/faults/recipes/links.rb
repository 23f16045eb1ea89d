file '/etc/faults/links' do
  content 'before'
end

cookbook_file '/etc/faults/dangling' do
  source 'dangling'
end

remote_directory '/etc/faults/outside' do
  source 'outside'
end
