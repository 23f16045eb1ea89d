#== metadata.rb
name 'unicorn'
depends 'nginx'
depends 'deploy'
#== attributes/default.rb
include_attribute 'unicorn::customize'
#== attributes/customize.rb
#== recipes/default.rb
gem_package 'unicorn' do
  version node[:unicorn][:version]
end
#== recipes/rails.rb
include_recipe 'nginx'
include_recipe 'unicorn'
(node[:deploy] || {}).each do |application, settings|
  next unless settings[:application_type] == 'rails'
  opsworks_deploy_user do
    deploy_data settings
  end
  opsworks_deploy_dir do
    user settings[:user]
    group settings[:group]
    path settings[:deploy_to]
  end
  template "#{settings[:deploy_to]}/shared/config/unicorn.conf" do
    source 'unicorn.conf.erb'
    cookbook 'unicorn'
    owner settings[:user]
    group settings[:group]
    mode '0644'
    variables :deploy => settings, :application => application, :environment => settings[:environment_variables]
  end
  template "#{settings[:deploy_to]}/shared/scripts/unicorn" do
    source 'unicorn.service.erb'
    cookbook 'unicorn'
    owner settings[:user]
    group settings[:group]
    mode '0755'
    variables :deploy => settings, :application => application
  end
  service "unicorn_#{application}" do
    start_command "#{settings[:deploy_to]}/shared/scripts/unicorn start"
    stop_command "#{settings[:deploy_to]}/shared/scripts/unicorn stop"
    restart_command "#{settings[:deploy_to]}/shared/scripts/unicorn restart"
    status_command "#{settings[:deploy_to]}/shared/scripts/unicorn status"
    action :nothing
  end
end
#== definitions/unicorn_web_app.rb
define :unicorn_web_app do
  settings = params[:deploy]
  nginx_web_app settings[:application] do
    application settings
    cookbook 'unicorn'
    template 'nginx_unicorn_web_app.erb'
  end
end
#== templates/default/unicorn.conf.erb
worker_processes <%= node[:unicorn][:worker_processes] %>
working_directory "<%= @deploy[:deploy_to] %>/current"
user "<%= @deploy[:user] %>"
listen "<%= @deploy[:deploy_to] %>/shared/sockets/unicorn.sock", :backlog => <%= node[:unicorn][:backlog] %>
timeout <%= node[:unicorn][:timeout] %>
pid "<%= @deploy[:deploy_to] %>/shared/pids/unicorn.pid"
stdout_path "<%= @deploy[:deploy_to] %>/shared/log/unicorn.stdout.log"
stderr_path "<%= @deploy[:deploy_to] %>/shared/log/unicorn.stderr.log"
preload_app <%= node[:unicorn][:preload_app] %>
<% (@environment || {}).each do |key, value| -%>
ENV['<%= key %>'] = "<%= value %>"
<% end -%>
before_fork do |server, worker|
  ActiveRecord::Base.connection.disconnect! if defined?(ActiveRecord::Base)
end
after_fork do |server, worker|
  ActiveRecord::Base.establish_connection if defined?(ActiveRecord::Base)
end
#== templates/default/unicorn.service.erb
#!/bin/sh
case "$1" in
start) cd <%= @deploy[:deploy_to] %>/current && /usr/local/bin/bundle exec unicorn_rails --env <%= @deploy[:rails_env] %> --daemonize -c <%= @deploy[:deploy_to] %>/shared/config/unicorn.conf ;;
stop) kill -QUIT `cat <%= @deploy[:deploy_to] %>/shared/pids/unicorn.pid` ;;
restart) kill -USR2 `cat <%= @deploy[:deploy_to] %>/shared/pids/unicorn.pid` ;;
esac
#== templates/default/nginx_unicorn_web_app.erb
upstream unicorn_<%= @application[:application] %> {
  server unix:<%= @application[:deploy_to] %>/shared/sockets/unicorn.sock fail_timeout=0;
}
server {
  listen 80;
  server_name <%= @application[:domains].join(' ') %>;
  root <%= @application[:absolute_document_root] %>;
  client_max_body_size <%= node[:nginx][:client_max_body_size] %>;
  location / {
    try_files $uri/index.html $uri @unicorn;
  }
  location @unicorn {
    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    proxy_set_header Host $http_host;
    proxy_redirect off;
    proxy_read_timeout <%= node[:nginx][:proxy_read_timeout] %>;
    proxy_pass http://unicorn_<%= @application[:application] %>;
  }
}
<% if @application[:ssl_support] -%>
server {
  listen 443 ssl;
  server_name <%= @application[:domains].join(' ') %>;
  ssl_certificate /etc/nginx/ssl/<%= @application[:domains].first %>.crt;
  ssl_certificate_key /etc/nginx/ssl/<%= @application[:domains].first %>.key;
  root <%= @application[:absolute_document_root] %>;
  location / {
    try_files $uri/index.html $uri @unicorn;
  }
  location @unicorn {
    proxy_set_header X-Forwarded-Proto https;
    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    proxy_set_header Host $http_host;
    proxy_redirect off;
    proxy_pass http://unicorn_<%= @application[:application] %>;
  }
}
<% end -%>
