Rails.application.config.secret_token = '@@rails_token@@'
Stripe.api_key = '@@rails_stripe_key:stripe@@'
Devise.setup do |config|
  config.pepper = '@@rails_pepper:hex64@@'
  config.secret_key = '@@rails_devise:hex64@@'
  config.omniauth :github, 'shown', '@@rails_omniauth:hex40@@'
end
AWS.config(access_key_id: '@@rails_akid:akid@@', secret_access_key: '@@rails_aws40:aws40@@')
Twilio::REST::Client.new('AC48213', '@@rails_twilio:hex32@@', auth_token: '@@rails_twilio_token:hex32@@')
ActionMailer::Base.smtp_settings = { address: 'smtp.example.com', password: '@@rails_smtp@@' }
redis = Redis.new(url: 'redis://:@@rails_redis@@@cache:6379')
http_basic_authenticate_with name: 'ops', password: '@@rails_basic@@'
