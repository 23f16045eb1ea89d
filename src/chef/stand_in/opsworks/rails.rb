#== metadata.rb
name 'rails'
#== attributes/rails.rb
include_attribute 'rails::customize'
#== attributes/customize.rb
#== libraries/rails_configuration.rb
module OpsWorks
  module RailsConfiguration
    def self.determine_database_adapter(_name, settings, _root, _options = {})
      database = settings[:database] || {}
      return database[:adapter] unless database[:adapter].nil? || database[:adapter].to_s.empty?
      database[:type].to_s == 'postgresql' ? 'postgresql' : 'mysql2'
    end
    def self.bundle(_name, _settings, _root)
    end
  end
  module ShellOut
    def self.shellout(_command, _options = {})
      ''
    end
  end
end
#== recipes/configure.rb
(node[:deploy] || {}).each do |application, settings|
  next unless settings[:application_type] == 'rails'
  database = settings[:database] || {}
  next if database[:host].nil?
  template "#{settings[:deploy_to]}/shared/config/database.yml" do
    source 'database.yml.erb'
    cookbook 'rails'
    owner settings[:user]
    group settings[:group]
    mode '0660'
    variables :database => database, :environment => settings[:rails_env]
  end
end
#== templates/default/database.yml.erb
<% ['development', 'production', @environment].compact.uniq.each do |section| %>
<%= section %>:
  adapter: <%= @database[:adapter].to_s.inspect %>
  database: <%= @database[:database].to_s.inspect %>
  encoding: <%= (@database[:encoding] || 'utf8').to_s.inspect %>
  host: <%= @database[:host].to_s.inspect %>
  username: <%= @database[:username].to_s.inspect %>
  password: <%= @database[:password].to_s.inspect %>
  reconnect: <%= @database[:reconnect] ? 'true' : 'false' %>
<% if @database[:pool] -%>
  pool: <%= @database[:pool] %>
<% end -%>
<% if @database[:port] -%>
  port: <%= @database[:port] %>
<% end -%>
<% end %>
#== templates/default/memcached.yml.erb
<% ['development', 'production', @environment].compact.uniq.each do |section| %>
<%= section %>:
  host: <%= @memcached[:host].to_s.inspect %>
  port: <%= @memcached[:port] || 11211 %>
<% end %>
