node.bramble.packages.each do |name|
  package name do
    action :install
    retries 2
  end
end

execute 'timezone' do
  command "echo #{node.bramble.timezone} > /etc/timezone && dpkg-reconfigure -f noninteractive tzdata"
  not_if "grep -qx #{node.bramble.timezone} /etc/timezone"
end

service 'monit' do
  supports :status => false, :restart => true, :reload => true
  action :nothing
end

template "#{node[:bramble][:monit_dir]}/mail.monitrc" do
  source 'monit-mail.monitrc.erb'
  mode 0600
  variables(:mail => node[:bramble][:mail])
  notifies :restart, resources(:service => 'monit'), :delayed
end

bramble_logrotate 'syslog_local' do
  path '/var/log/local*.log'
  owner 'syslog'
  rotate 7
end

# For the page that shows which host answered.
node.set[:bramble][:served_by] = node[:opsworks][:instance][:hostname]
