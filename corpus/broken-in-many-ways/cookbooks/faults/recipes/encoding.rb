file '/etc/faults/encoding' do
  content 'before'
end

file '/etc/faults/encoding.txt' do
  content 'Grüße vom Bäcker'
end
