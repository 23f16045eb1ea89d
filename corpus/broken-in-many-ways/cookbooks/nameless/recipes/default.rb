file '/etc/faults/nameless' do
  content "found by its folder\n"
end
