#== metadata.rb
name 'passenger_apache2'
depends 'apache2'
depends 'deploy'
#== attributes/passenger.rb
include_attribute 'passenger_apache2::customize'
#== attributes/customize.rb
#== recipes/default.rb
include_recipe 'apache2'
gem_package 'passenger' do
  version node[:passenger][:version]
end
#== recipes/rails.rb
include_recipe 'apache2'
include_recipe 'passenger_apache2'
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
end
#== definitions/passenger_web_app.rb
define :passenger_web_app do
  settings = params[:deploy]
  template "#{node[:apache][:dir]}/sites-available/#{settings[:application]}.conf" do
    source 'web_app.conf.erb'
    cookbook 'passenger_apache2'
    mode '0644'
    variables :application => settings, :environment => settings[:environment_variables], :params => params
  end
end
#== templates/default/web_app.conf.erb
<VirtualHost *:80>
  ServerName <%= @application[:domains].first %>
<% unless @application[:domains].length < 2 -%>
  ServerAlias <%= @application[:domains].to_a[1..-1].join(' ') %>
<% end -%>
  DocumentRoot <%= @application[:absolute_document_root] %>
  RailsEnv <%= @application[:rails_env] %>
  PassengerMaxPoolSize <%= node[:passenger][:max_pool_size] %>
  PassengerPoolIdleTime <%= node[:passenger][:pool_idle_time] %>
<% (@environment || {}).each do |key, value| -%>
  SetEnv "<%= key %>" "<%= value %>"
<% end -%>
</VirtualHost>
