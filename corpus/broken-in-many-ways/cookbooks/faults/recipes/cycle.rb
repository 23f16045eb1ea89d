file '/etc/faults/cycle' do
  content 'before'
end

include_recipe 'faults::cycle_back'
