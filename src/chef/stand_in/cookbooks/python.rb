#== attributes/default.rb
default['python']['install_method'] = 'package'
default['python']['version'] = '2.7.7'
default['python']['binary'] = '/usr/bin/python'
default['python']['prefix_dir'] = '/usr/local'
default['python']['pip_location'] = '/usr/local/bin/pip'
default['python']['virtualenv_location'] = '/usr/local/bin/virtualenv'
#== recipes/default.rb
package platform_family?('debian') ? %w(python python-dev) : %w(python python-devel)
package 'python-pip'
#== recipes/package.rb
package platform_family?('debian') ? %w(python python-dev) : %w(python python-devel)
#== recipes/pip.rb
package 'python-pip'
#== recipes/virtualenv.rb
package 'python-virtualenv'
#== recipes/source.rb
include_recipe 'python::package'
#== resources/virtualenv.rb
property :path, String, name_property: true
property :interpreter, [String, nil]
property :owner, [String, nil]
property :group, [String, nil]
property :options, [String, nil]
default_action :create
action :create do
  given = new_resource
  execute "virtualenv #{given.path}" do
    user given.owner if given.owner
    creates "#{given.path}/bin/activate"
  end
end
action :delete do
end
