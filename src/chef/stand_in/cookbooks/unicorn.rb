#== recipes/default.rb
gem_package 'unicorn'
