file '/etc/faults/broken_template' do
  content 'before'
end

template '/etc/faults/broken_template.conf' do
  source 'unclosed.erb'
end

file '/etc/faults/broken_template_after' do
  content 'after'
end
