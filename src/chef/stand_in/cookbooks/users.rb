#== resources/manage.rb
property :data_bag, String, default: 'users'
property :search_group, [String, nil]
property :group_name, String, name_property: true
property :group_id, [Integer, nil]
property :users, Array, default: []
property :cookbook, String, default: 'users'
property :manage_nfs_home_dirs, [true, false], default: true
property :system, [true, false], default: false
default_action :create
action :create do
  given = new_resource
  people = given.users.select { |person| Array(person['groups']).include?(given.group_name) && person['action'] != 'remove' }
  people.each do |person|
    user person['username'] || person['id'] do
      uid person['uid'] if person['uid']
      shell person['shell'] if person['shell']
      comment person['comment'] if person['comment']
      manage_home true
    end
  end
  group given.group_name do
    gid given.group_id if given.group_id
    members people.map { |person| person['username'] || person['id'] }
  end
end
action :remove do
end
#== recipes/default.rb
#== recipes/sysadmins.rb
group 'sysadmin'
