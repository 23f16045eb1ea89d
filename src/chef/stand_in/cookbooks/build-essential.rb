#== attributes/default.rb
default['build-essential']['compile_time'] = false
default['build_essential']['compile_time'] = false
#== recipes/default.rb
build_essential 'install_packages'
