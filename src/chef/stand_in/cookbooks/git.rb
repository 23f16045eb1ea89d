#== attributes/default.rb
default['git']['prefix'] = '/usr/local'
default['git']['version'] = '2.17.1'
default['git']['server']['base_path'] = '/srv/git'
#== recipes/default.rb
package 'git'
#== recipes/package.rb
package 'git'
#== recipes/source.rb
package 'git'
#== recipes/server.rb
package 'git'
#== resources/client.rb
default_action :install
action :install do
  package 'git'
end
action :remove do
end
#== resources/config.rb
property :key, String, name_property: true
property :value, [String, nil]
property :scope, String, default: 'global'
property :path, [String, nil]
property :user, [String, nil]
property :group, [String, nil]
default_action :set
action :set do
  given = new_resource
  execute "git config --#{given.scope} #{given.key} '#{given.value}'" do
    user given.user if given.user
  end
end
