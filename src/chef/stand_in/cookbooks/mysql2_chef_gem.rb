#== resources/mysql2_chef_gem.rb
provides :mysql2_chef_gem
default_action :install
action :install do
  chef_gem 'mysql2'
end
#== recipes/default.rb
chef_gem 'mysql2'
