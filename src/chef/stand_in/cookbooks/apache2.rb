#== attributes/default.rb
debian = platform_family?('debian', 'suse')
default['apache']['version'] = '2.4'
default['apache']['package'] = debian ? 'apache2' : 'httpd'
default['apache']['service_name'] = debian ? 'apache2' : 'httpd'
default['apache']['dir'] = debian ? '/etc/apache2' : '/etc/httpd'
default['apache']['conf_dir'] = debian ? '/etc/apache2' : '/etc/httpd/conf'
default['apache']['log_dir'] = debian ? '/var/log/apache2' : '/var/log/httpd'
default['apache']['user'] = debian ? 'www-data' : 'apache'
default['apache']['group'] = debian ? 'www-data' : 'apache'
default['apache']['binary'] = debian ? '/usr/sbin/apache2' : '/usr/sbin/httpd'
default['apache']['docroot_dir'] = '/var/www/html'
default['apache']['cgibin_dir'] = '/usr/lib/cgi-bin'
default['apache']['icondir'] = '/usr/share/apache2/icons'
default['apache']['cache_dir'] = '/var/cache/apache2'
default['apache']['run_dir'] = '/var/run/apache2'
default['apache']['lock_dir'] = '/var/lock/apache2'
default['apache']['pid_file'] = '/var/run/apache2/apache2.pid'
default['apache']['lib_dir'] = debian ? '/usr/lib/apache2' : '/usr/lib64/httpd'
default['apache']['listen'] = ['*:80']
default['apache']['listen_addresses'] = ['*']
default['apache']['listen_ports'] = ['80']
default['apache']['contact'] = 'ops@example.com'
default['apache']['timeout'] = 300
default['apache']['keepalive'] = 'On'
default['apache']['keepaliverequests'] = 100
default['apache']['keepalivetimeout'] = 5
default['apache']['servertokens'] = 'Prod'
default['apache']['serversignature'] = 'On'
default['apache']['traceenable'] = 'Off'
default['apache']['mpm'] = 'prefork'
default['apache']['default_site_enabled'] = false
default['apache']['default_modules'] = %w(status alias auth_basic authn_file authz_host dir env mime negotiation setenvif)
default['apache']['prefork']['startservers'] = 16
default['apache']['prefork']['minspareservers'] = 16
default['apache']['prefork']['maxspareservers'] = 32
default['apache']['prefork']['maxrequestworkers'] = 256
default['apache']['mod_ssl']['port'] = 443
#== recipes/default.rb
package node['apache']['package']
%w(sites-available sites-enabled mods-available mods-enabled conf-available conf-enabled).each do |folder|
  directory "#{node['apache']['dir']}/#{folder}" do
    recursive true
  end
end
directory node['apache']['log_dir'] do
  recursive true
end
service 'apache2' do
  service_name node['apache']['service_name']
  supports restart: true, reload: true, status: true
  action [:enable, :start]
end
#== recipes/mod_ssl.rb
#== recipes/mod_rewrite.rb
#== recipes/mod_proxy.rb
#== recipes/mod_proxy_http.rb
#== recipes/mod_proxy_balancer.rb
#== recipes/mod_deflate.rb
#== recipes/mod_expires.rb
#== recipes/mod_headers.rb
#== recipes/mod_status.rb
#== recipes/mod_dir.rb
#== recipes/mod_auth_basic.rb
#== recipes/mod_alias.rb
#== recipes/mod_php5.rb
package platform_family?('debian') ? 'libapache2-mod-php5' : 'php'
#== recipes/mod_php.rb
package platform_family?('debian') ? 'libapache2-mod-php' : 'php'
#== definitions/apache_module.rb
define :apache_module, enable: true, conf: false do
  name = params[:name]
  link "#{node['apache']['dir']}/mods-enabled/#{name}.load" do
    to "#{node['apache']['dir']}/mods-available/#{name}.load"
    action params[:enable] ? :create : :delete
  end
end
#== definitions/apache_site.rb
define :apache_site, enable: true do
  name = params[:name]
  link "#{node['apache']['dir']}/sites-enabled/#{name}.conf" do
    to "#{node['apache']['dir']}/sites-available/#{name}.conf"
    action params[:enable] ? :create : :delete
  end
end
#== definitions/apache_conf.rb
define :apache_conf, enable: true do
end
#== definitions/web_app.rb
define :web_app, template: 'web_app.conf.erb', local: false, enable: true do
  name = params[:name]
  given = params
  template "#{node['apache']['dir']}/sites-available/#{name}.conf" do
    source given[:template]
    cookbook given[:cookbook] if given[:cookbook]
    mode '0644'
    variables application_name: name, params: given
  end
  link "#{node['apache']['dir']}/sites-enabled/#{name}.conf" do
    to "#{node['apache']['dir']}/sites-available/#{name}.conf"
    action given[:enable] ? :create : :delete
  end
end
#== resources/install.rb
provides :apache2_install
default_action :install
action :install do
  package platform_family?('debian') ? 'apache2' : 'httpd'
end
#== resources/service.rb
provides :apache2_service
default_action [:enable, :start]
%i(enable start stop restart reload disable).each do |verb|
  action verb do
    service(platform_family?('debian') ? 'apache2' : 'httpd') { action verb }
  end
end
