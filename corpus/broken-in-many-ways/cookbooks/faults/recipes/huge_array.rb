file '/etc/faults/huge_array' do
  content 'before'
end

crumbs = (1..10_000_000).map { |number| "crumb-#{number}" }

file '/etc/faults/huge_array.conf' do
  content crumbs.last
end
