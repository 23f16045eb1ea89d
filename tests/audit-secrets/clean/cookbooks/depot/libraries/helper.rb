module Depot
  PASSWORD_FILE = '/etc/depot/password'.freeze
  TOKEN_PATTERN = /token=\w+/
  def connect(host, password = nil)
    Mysql2::Client.new(host: host, password: password)
  end

  def password
    node['depot']['db']['password']
  end

  def secret_name
    'depot-production'
  end

  def token_valid?(token)
    token == 'none' || token =~ TOKEN_PATTERN
  end
end
