file '/etc/faults/invalid_value' do
  content 'before'
end

faults_sheet 'bottom' do
  width 'forty'
end
