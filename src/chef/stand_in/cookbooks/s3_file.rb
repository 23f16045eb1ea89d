#== recipes/default.rb
#== recipes/dependencies.rb
