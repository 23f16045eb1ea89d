file '/etc/faults/endless_definition' do
  content 'before'
end

faults_fold 'dough'
