#== attributes/default.rb
default['nginx']['dir'] = '/etc/nginx'
default['nginx']['log_dir'] = '/var/log/nginx'
default['nginx']['log_dir_perm'] = '0750'
default['nginx']['script_dir'] = '/usr/sbin'
default['nginx']['binary'] = '/usr/sbin/nginx'
default['nginx']['pid'] = '/run/nginx.pid'
default['nginx']['port'] = '80'
default['nginx']['package_name'] = 'nginx'
default['nginx']['install_method'] = 'package'
default['nginx']['init_style'] = 'init'
default['nginx']['user'] = platform_family?('debian') ? 'www-data' : 'nginx'
default['nginx']['group'] = node['nginx']['user']
default['nginx']['daemon_disable'] = false
default['nginx']['default_site_enabled'] = true
default['nginx']['default_root'] = '/var/www/nginx-default'
default['nginx']['types_hash_max_size'] = 2048
default['nginx']['types_hash_bucket_size'] = 64
default['nginx']['sendfile'] = 'on'
default['nginx']['gzip'] = 'on'
default['nginx']['gzip_static'] = 'off'
default['nginx']['gzip_http_version'] = '1.0'
default['nginx']['gzip_comp_level'] = '2'
default['nginx']['gzip_proxied'] = 'any'
default['nginx']['gzip_vary'] = 'off'
default['nginx']['keepalive'] = 'on'
default['nginx']['keepalive_requests'] = 100
default['nginx']['keepalive_timeout'] = 65
default['nginx']['worker_processes'] = 'auto'
default['nginx']['worker_connections'] = 1024
default['nginx']['worker_rlimit_nofile'] = nil
default['nginx']['multi_accept'] = false
default['nginx']['server_tokens'] = nil
default['nginx']['server_names_hash_bucket_size'] = 64
default['nginx']['client_max_body_size'] = nil
default['nginx']['client_body_buffer_size'] = nil
default['nginx']['proxy_read_timeout'] = nil
default['nginx']['disable_access_log'] = false
default['nginx']['upstream_repository'] = nil
default['nginx']['repo_source'] = 'nginx'
default['nginx']['source']['prefix'] = '/opt/nginx'
default['nginx']['source']['conf_path'] = '/etc/nginx/nginx.conf'
default['nginx']['source']['modules'] = []
default['nginx']['extra_configs'] = {}
#== libraries/site.rb
module NginxStandIn
  # What nginx serves lies in sites-available and is linked where it is enabled.
  def nginx_site_files(name)
    ["#{node['nginx']['dir']}/sites-available/#{name}", "#{node['nginx']['dir']}/sites-enabled/#{name}"]
  end
end
#== recipes/default.rb
include_recipe 'nginx::package'
#== recipes/package.rb
package node['nginx']['package_name']
%w(sites-available sites-enabled conf.d).each do |folder|
  directory "#{node['nginx']['dir']}/#{folder}" do
    recursive true
    mode '0755'
  end
end
directory node['nginx']['log_dir'] do
  recursive true
end
service 'nginx' do
  supports status: true, restart: true, reload: true
  action [:enable, :start]
end
#== recipes/source.rb
include_recipe 'nginx::package'
#== recipes/repo.rb
#== recipes/commons.rb
#== recipes/commons_dir.rb
#== recipes/commons_conf.rb
#== recipes/commons_script.rb
#== recipes/ohai_plugin.rb
#== recipes/http_stub_status_module.rb
#== recipes/http_ssl_module.rb
#== recipes/http_gzip_static_module.rb
#== resources/install.rb
property :source, String, name_property: true
property :ohai_plugin_enabled, [true, false], default: true
default_action :install
action :install do
  package 'nginx'
end
#== resources/config.rb
property :conf_dir, String, default: '/etc/nginx'
property :default_site_enabled, [true, false], default: true
default_action :create
action :create do
  directory new_resource.conf_dir
end
#== resources/service.rb
property :service_name, String, default: 'nginx'
property :delayed_start, [true, false], default: true
default_action :start
%i(create delete start stop restart reload enable disable test).each do |verb|
  action verb do
    service(new_resource.service_name) { action verb } unless %i(create delete test).include?(verb)
  end
end
#== resources/site.rb
include NginxStandIn
property :site_name, String, name_property: true
property :template, [String, Array, nil]
property :cookbook, [String, nil]
property :variables, Hash, default: {}
property :enable, [true, false], default: true
property :conf_dir, String, default: '/etc/nginx'
default_action :create
action_class do
  include NginxStandIn

  def site(enabled)
    available, linked = nginx_site_files(new_resource.site_name)
    given = new_resource.template
    if given
      template available do
        source given
        cookbook new_resource.cookbook || new_resource.cookbook_name
        variables new_resource.variables
        mode '0644'
      end
    end
    link(linked) { to available } if enabled
  end
end
action(:create) { site(new_resource.enable) }
action(:enable) { site(true) }
action :disable do
  link nginx_site_files(new_resource.site_name).last do
    action :delete
  end
end
action :delete do
  nginx_site_files(new_resource.site_name).each { |path| file(path) { action :delete } }
end
#== definitions/nginx_stream.rb
define :nginx_stream, enable: true do
end
