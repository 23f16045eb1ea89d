#== recipes/default.rb
#== recipes/mysql55.rb
#== recipes/mysql56.rb
#== recipes/mysql57.rb
#== recipes/connectors.rb
