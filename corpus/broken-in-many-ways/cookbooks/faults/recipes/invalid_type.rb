file '/etc/faults/invalid_type' do
  content 'before'
end

faults_tray 'top'
