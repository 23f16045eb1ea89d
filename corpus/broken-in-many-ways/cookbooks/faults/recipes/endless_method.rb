file '/etc/faults/endless_method' do
  content 'before'
end

def proof(minutes)
  proof(minutes + 1)
end

file '/etc/faults/endless_method.conf' do
  content 'never'
end if proof(0)
