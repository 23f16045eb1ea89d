file '/etc/faults/unknown_resource' do
  content 'before'
end

teleport '/etc/faults/there' do
  to 'elsewhere'
end

file '/etc/faults/unknown_resource_after' do
  content 'after'
end
