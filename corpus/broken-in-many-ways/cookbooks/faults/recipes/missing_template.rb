file '/etc/faults/missing_template' do
  content 'before'
end

template '/etc/faults/missing_template.conf' do
  source 'no_such_template.erb'
end

file '/etc/faults/missing_template_after' do
  content 'after'
end
