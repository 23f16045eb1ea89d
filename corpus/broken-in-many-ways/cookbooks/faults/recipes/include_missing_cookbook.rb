file '/etc/faults/include_missing_cookbook' do
  content 'before'
end

include_recipe 'nowhere'
