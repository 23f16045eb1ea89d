#== recipes/default.rb
build_essential 'install_packages'
