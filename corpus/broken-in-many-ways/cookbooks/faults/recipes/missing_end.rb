file '/etc/faults/missing_end' do
  content 'before'
end

%w(a b).each do |name|
  package name
