require 'rails'
require 'active_record/railtie'
require 'action_controller/railtie'
require 'action_mailer/railtie'
require 'sprockets/railtie'

Bundler.require(*Rails.groups)

module Storefront
  class Application < Rails::Application
    config.time_zone = ENV['TZ'] || 'UTC'
    config.action_mailer.smtp_settings = { :address => ENV['SMTP_HOST'], :user_name => ENV['SMTP_USER'], :password => ENV['SMTP_PASSWORD'] }

    dalli = YAML.load_file(Rails.root.join('config', 'dalli.yml'))[Rails.env]
    config.cache_store = :dalli_store, *dalli['servers'], { :namespace => dalli['namespace'], :expires_in => dalli['expires_in'], :compress => true }
  end
end
