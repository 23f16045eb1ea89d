include_recipe 'faults::cycle'

file '/etc/faults/cycle_back' do
  content 'each recipe is evaluated once'
end
