#== metadata.rb
name 'nginx'
#== attributes/nginx.rb
include_attribute 'nginx::customize'
#== attributes/customize.rb
#== recipes/default.rb
package 'nginx'
template "#{node[:nginx][:dir]}/nginx.conf" do
  source 'nginx.conf.erb'
  cookbook 'nginx'
  mode '0644'
end
include_recipe 'nginx::service'
#== recipes/service.rb
service 'nginx' do
  supports :status => true, :restart => true, :reload => true
  action [:enable, :start]
end
#== recipes/stop.rb
service 'nginx' do
  action :stop
end
#== recipes/uninstall.rb
#== definitions/nginx_web_app.rb
define :nginx_web_app, :template => 'site.erb' do
  settings = params[:application]
  service 'nginx' do
    action :nothing
  end
  template "#{node[:nginx][:dir]}/sites-available/#{settings[:application]}" do
    source params[:template]
    cookbook params[:cookbook] || 'nginx'
    mode '0644'
    variables :application => settings, :params => params
    notifies :reload, 'service[nginx]'
  end
  link "#{node[:nginx][:dir]}/sites-enabled/#{settings[:application]}" do
    to "#{node[:nginx][:dir]}/sites-available/#{settings[:application]}"
  end
end
#== templates/default/nginx.conf.erb
user <%= node[:nginx][:user] %>;
worker_processes <%= node[:nginx][:worker_processes] %>;
error_log <%= node[:nginx][:log_dir] %>/error.log;
pid /var/run/nginx.pid;
events {
  worker_connections <%= node[:nginx][:worker_connections] %>;
}
http {
  include <%= node[:nginx][:dir] %>/mime.types;
  default_type application/octet-stream;
  access_log <%= node[:nginx][:log_dir] %>/access.log;
  sendfile on;
  tcp_nopush on;
  tcp_nodelay on;
  keepalive_timeout <%= node[:nginx][:keepalive_timeout] %>;
  gzip <%= node[:nginx][:gzip] %>;
  gzip_static <%= node[:nginx][:gzip_static] %>;
  gzip_vary <%= node[:nginx][:gzip_vary] %>;
  gzip_comp_level <%= node[:nginx][:gzip_comp_level] %>;
  gzip_proxied <%= node[:nginx][:gzip_proxied] %>;
  client_max_body_size <%= node[:nginx][:client_max_body_size] %>;
  server_names_hash_bucket_size <%= node[:nginx][:server_names_hash_bucket_size] %>;
  include <%= node[:nginx][:dir] %>/conf.d/*.conf;
  include <%= node[:nginx][:dir] %>/sites-enabled/*;
}
#== templates/default/site.erb
server {
  listen 80;
  server_name <%= @application[:domains].join(' ') %>;
  root <%= @application[:absolute_document_root] %>;
  location / {
    index index.html index.htm;
  }
}
