group 'tidegauge' do
  system true
end

user 'tidegauge' do
  gid 'tidegauge'
  home '/var/lib/tidegauge'
  shell '/usr/sbin/nologin'
  system true
  manage_home true
end

directory '/etc/tidegauge' do
  group 'tidegauge'
  mode '0750'
end
