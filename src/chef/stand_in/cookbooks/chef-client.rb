#== recipes/default.rb
#== recipes/config.rb
#== recipes/service.rb
#== recipes/cron.rb
#== recipes/delete_validation.rb
