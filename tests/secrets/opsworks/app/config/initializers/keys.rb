Stripe.api_key = '@@initializer_key@@'
Devise.secret_key = ENV['DEVISE_SECRET_KEY'] || '@@initializer_fallback@@'
AWS.config(access_key_id: ENV.fetch('UPLOAD_KEY_ID', '@@initializer_fetch:akid@@'), secret_access_key: ENV.fetch('UPLOAD_SECRET', '@@initializer_fetch_two@@'))
