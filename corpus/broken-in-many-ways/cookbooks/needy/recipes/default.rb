file '/etc/faults/needy' do
  content "here all the same\n"
end
