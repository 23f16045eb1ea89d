file '/etc/faults/undefined_attribute' do
  content 'before'
end

file '/etc/faults/undefined_attribute.conf' do
  content node['faults']['oven']['temperature'].to_s
end
