file '/etc/faults/include_missing_recipe' do
  content 'before'
end

include_recipe 'bakery::oven'
