package 'curl'
template '/etc/x' do
  variables(password: '@@broken_ruby@@'
  mode 0644
end
execute "mysql -p@@broken_command@@ -e 'x'
