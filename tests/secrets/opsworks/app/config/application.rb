module Canteen
  class Application < Rails::Application
    config.action_mailer.smtp_settings = { user_name: 'waiter', password: '@@rails_smtp@@' }
  end
end
