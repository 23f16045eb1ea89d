#== metadata.rb
name 'mod_php5_apache2'
depends 'apache2'
#== recipes/default.rb
include_recipe 'apache2'
modules = platform_family?('debian') ? %w(php5 php5-cli php5-curl php5-gd php5-mcrypt php5-memcache php5-mysql php-pear libapache2-mod-php5) : %w(php php-cli php-gd php-mbstring php-mysql php-pear)
modules.each { |name| package name }
#== definitions/php_web_app.rb
define :php_web_app do
  settings = params[:deploy_data]
  template "#{node[:apache][:dir]}/sites-available/#{settings[:application]}.conf" do
    source 'web_app.conf.erb'
    cookbook 'mod_php5_apache2'
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
  DirectoryIndex index.html index.htm index.php
<% (@environment || {}).each do |key, value| -%>
  SetEnv "<%= key %>" "<%= value %>"
<% end -%>
</VirtualHost>
