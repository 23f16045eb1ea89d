file '/etc/canteen/broken' do
  content "password=@@broken_syntax@@"
  owner 'cook
end
api_key = '@@broken_next_line@@' ]]
