#== recipes/default.rb
package 'yarn'
#== recipes/upstream_package.rb
package 'yarn'
#== resources/install.rb
property :dir, String, name_property: true
property :user, [String, nil]
property :environment, Hash, default: {}
default_action :run
action :run do
  given = new_resource
  execute 'yarn install' do
    cwd given.dir
    user given.user if given.user
    environment given.environment
  end
end
