module Depot
  API_TOKEN = '@@library_const@@'
  KEYS = { secret_key: '@@library_hash@@' }.freeze
  def self.password
    '@@library_method@@'
  end

  def connect(host, password = '@@library_default@@')
    Mysql2::Client.new(host: host, username: 'root', password: '@@library_client@@')
  end

  def login(user:, password: '@@library_keyword@@')
    post('/login', user, password)
  end
end
