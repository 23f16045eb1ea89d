#== recipes/default.rb
#== recipes/ec2_hints.rb
