#== attributes/default.rb
default['user']['default_shell'] = '/bin/bash'
default['user']['home_root'] = '/home'
default['user']['manage_home'] = true
default['user']['create_user_group'] = true
default['user']['ssh_keygen'] = true
default['user']['data_bag_name'] = 'users'
default['user']['user_array_node_attr'] = 'users'
#== recipes/default.rb
#== recipes/data_bag.rb
#== resources/account.rb
property :username, String, name_property: true
property :uid, [String, Integer, nil]
property :gid, [String, Integer, nil]
property :comment, [String, nil]
property :home, [String, nil]
property :shell, [String, nil]
property :password, [String, nil], sensitive: true
property :ssh_keys, [Array, String], default: []
property :ssh_keygen, [true, false], default: false
property :create_group, [true, false, nil]
property :system_user, [true, false], default: false
property :manage_home, [true, false, nil]
default_action :create
action :create do
  given = new_resource
  folder = given.home || "/home/#{given.username}"
  user given.username do
    uid given.uid if given.uid
    gid given.gid if given.gid
    comment given.comment if given.comment
    shell given.shell || '/bin/bash'
    home folder
    system given.system_user
    manage_home true
  end
  unless Array(given.ssh_keys).empty?
    directory("#{folder}/.ssh") { mode '0700' }
    file "#{folder}/.ssh/authorized_keys" do
      content Array(given.ssh_keys).join("\n") + "\n"
      mode '0600'
    end
  end
end
%i(remove modify manage lock unlock).each do |verb|
  action verb do
    user(new_resource.username) { action verb }
  end
end
