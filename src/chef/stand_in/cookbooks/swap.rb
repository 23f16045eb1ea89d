#== recipes/default.rb
