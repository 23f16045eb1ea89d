file '/etc/faults/endless_loop' do
  content 'before'
end

minutes = 0
while true
  minutes += 1
end

file '/etc/faults/endless_loop_after' do
  content minutes.to_s
end
