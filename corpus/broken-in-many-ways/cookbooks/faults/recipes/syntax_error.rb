file '/etc/faults/syntax_error' do
  content 'before'
end

api_password = 'syn-PLANTED-5' do |
