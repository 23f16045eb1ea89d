heliograph_service 'heliograph' do
  command "#{heliograph_binary} -F -c #{node['heliograph']['conf_dir']}/heliograph.conf"
  action [:create, :start]
end
