Rails.application.configure do
  config.cache_store = :redis_cache_store, { url: ENV.fetch('CACHE_URL', 'redis://:@@production_rb@@@cache:6379') }
end
