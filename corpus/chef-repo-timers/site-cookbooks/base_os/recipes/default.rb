apt_update 'daily' do
  frequency 86_400
  only_if { debian? }
end

timezone 'Etc/UTC'

package %w(ca-certificates curl unattended-upgrades)

data_bag('users').sort.each do |id|
  person = data_bag_item('users', id)

  user person['id'] do
    comment person['name']
    shell person['shell'] || '/bin/bash'
    password person['password'] if person['password']
    manage_home true
    action person['left'] ? :remove : :create
  end

  next if person['left']

  directory "/home/#{person['id']}/.ssh" do
    owner person['id']
    mode '0700'
  end

  file "/home/#{person['id']}/.ssh/authorized_keys" do
    content person['ssh_keys'].map { |key| "#{key}\n" }.join
    owner person['id']
    mode '0600'
  end
end

sudo 'admins' do
  groups 'sudo'
  nopasswd true
end

sysctl 'vm.overcommit_memory' do
  value 1
end

chef_client_systemd_timer 'Chef run' do
  interval '30min'
  splay '5min'
end
