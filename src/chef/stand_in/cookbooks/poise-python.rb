#== recipes/default.rb
package %w(python3 python3-dev python3-pip python3-venv)
#== resources/runtime.rb
provides :python_runtime
property :version, String, name_property: true
default_action :install
action :install do
  package new_resource.version.to_s.start_with?('2') ? 'python2' : 'python3'
end
#== resources/requirements.rb
provides :pip_requirements
property :path, String, name_property: true
property :cwd, [String, nil]
property :user, [String, nil]
property :virtualenv, [String, nil]
default_action :install
action :install do
  given = new_resource
  execute "#{given.virtualenv ? "#{given.virtualenv}/bin/" : ''}pip install -r #{given.path}" do
    cwd given.cwd if given.cwd
    user given.user if given.user
  end
end
