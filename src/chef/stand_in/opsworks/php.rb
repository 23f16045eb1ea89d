#== metadata.rb
name 'php'
#== attributes/default.rb
include_attribute 'php::customize'
#== attributes/customize.rb
#== recipes/configure.rb
(node[:deploy] || {}).each do |application, settings|
  next unless settings[:application_type] == 'php'
  template "#{settings[:deploy_to]}/shared/config/opsworks.php" do
    cookbook 'php'
    source 'opsworks.php.erb'
    owner settings[:user]
    group settings[:group]
    mode '0660'
    variables :database => settings[:database] || {}, :memcached => settings[:memcached], :layers => node[:opsworks][:layers], :stack_name => node[:opsworks][:stack][:name]
  end
end
#== templates/default/opsworks.php.erb
<?php
class OpsWorksDb {
  public $adapter = '<%= @database[:adapter] %>';
  public $database = '<%= @database[:database] %>';
  public $encoding = '<%= @database[:encoding] || 'utf8' %>';
  public $host = '<%= @database[:host] %>';
  public $username = '<%= @database[:username] %>';
  public $password = '<%= @database[:password] %>';
  public $reconnect = '<%= @database[:reconnect] ? 'true' : 'false' %>';
}
class OpsWorksMemcached {
  public $host = '<%= (@memcached || {})[:host] %>';
  public $port = '<%= (@memcached || {})[:port] %>';
}
