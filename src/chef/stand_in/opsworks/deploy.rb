#== metadata.rb
name 'deploy'
%w(dependencies rails php nginx unicorn passenger_apache2 mod_php5_apache2 opsworks_nodejs opsworks_java mysql).each { |other| depends other }
#== attributes/deploy.rb
include_attribute 'deploy::customize'
#== attributes/customize.rb
#== recipes/default.rb
include_recipe 'dependencies'
(node[:deploy] || {}).each do |application, settings|
  opsworks_deploy_user do
    deploy_data settings
    app application
  end
end
#== recipes/rails.rb
include_recipe 'deploy'
(node[:deploy] || {}).each do |application, settings|
  next unless settings[:application_type] == 'rails'
  case (settings[:database] || {})[:type]
  when 'mysql' then include_recipe 'mysql::client_install'
  when 'postgresql' then include_recipe 'opsworks_postgresql::client_install'
  end
  opsworks_deploy_dir do
    user settings[:user]
    group settings[:group]
    path settings[:deploy_to]
  end
  opsworks_rails do
    deploy_data settings
    app application
  end
  opsworks_deploy do
    deploy_data settings
    app application
  end
end
#== recipes/php.rb
include_recipe 'deploy'
include_recipe 'mod_php5_apache2'
include_recipe 'mod_php5_apache2::php'
(node[:deploy] || {}).each do |application, settings|
  next unless settings[:application_type] == 'php'
  opsworks_checkout do
    deploy_data settings
    app application
  end
  php_web_app do
    deploy_data settings
    app application
  end
end
#== recipes/nodejs.rb
include_recipe 'deploy'
(node[:deploy] || {}).each do |application, settings|
  next unless settings[:application_type] == 'nodejs'
  opsworks_checkout do
    deploy_data settings
    app application
  end
  opsworks_nodejs do
    deploy_data settings
    app application
  end
end
#== recipes/web.rb
include_recipe 'deploy'
include_recipe 'nginx'
(node[:deploy] || {}).each do |application, settings|
  next unless settings[:application_type] == 'static' || settings[:application_type] == 'web'
  opsworks_checkout do
    deploy_data settings
    app application
  end
  nginx_web_app application do
    application settings
    cookbook 'nginx'
  end
end
#== recipes/java.rb
include_recipe 'deploy'
(node[:deploy] || {}).each do |application, settings|
  next unless settings[:application_type] == 'java'
  opsworks_checkout do
    deploy_data settings
    app application
  end
  link "/var/lib/tomcat7/webapps/#{application == 'root' ? 'ROOT' : application}" do
    to "#{settings[:deploy_to]}/current"
  end
end
include_recipe 'opsworks_java::context'
#== recipes/mysql.rb
include_recipe 'deploy'
(node[:deploy] || {}).each do |application, settings|
  database = settings[:database]
  next if database.nil? || database.empty?
  execute "create the database of #{application}" do
    command "mysql -u root -e 'CREATE DATABASE IF NOT EXISTS `#{database[:database]}`'"
  end
end
#== definitions/opsworks_deploy_user.rb
define :opsworks_deploy_user do
  settings = params[:deploy_data] || {}
  unless settings[:user].nil?
    group settings[:group]
    user settings[:user] do
      gid settings[:group]
      home settings[:home]
      shell settings[:shell]
      supports :manage_home => true
    end
  end
end
#== definitions/opsworks_deploy_dir.rb
define :opsworks_deploy_dir do
  ['', '/log', '/config', '/system', '/pids', '/scripts', '/sockets'].each do |folder|
    directory "#{params[:path]}/shared#{folder}" do
      owner params[:user]
      group params[:group]
      mode '0770'
      recursive true
    end
  end
end
#== definitions/opsworks_rails.rb
define :opsworks_rails do
  settings = params[:deploy_data]
  stack = (node[:opsworks] || {})[:rails_stack] || {}
  if (node[:opsworks][:instance][:layers] || []).include?('rails-app')
    include_recipe(stack[:name] == 'nginx_unicorn' ? 'unicorn::rails' : 'passenger_apache2::rails')
  end
  cache = settings[:memcached] || {}
  unless cache[:host].nil? || cache[:host].to_s.empty?
    template "#{settings[:deploy_to]}/shared/config/memcached.yml" do
      cookbook 'rails'
      source 'memcached.yml.erb'
      owner settings[:user]
      group settings[:group]
      mode '0660'
      variables :memcached => cache, :environment => settings[:rails_env]
    end
  end
end
#== definitions/opsworks_deploy.rb
define :opsworks_deploy do
  settings = params[:deploy_data]
  application = params[:app]
  directory settings[:deploy_to] do
    owner settings[:user]
    group settings[:group]
    mode '0775'
    recursive true
  end
  source = settings[:scm] || {}
  unless source[:scm_type].nil? || source[:scm_type] == 'other'
    deploy settings[:deploy_to] do
      repository source[:repository]
      revision source[:revision]
      user settings[:user]
      group settings[:group]
      keep_releases settings[:keep_releases]
      environment settings[:environment].to_hash
      migrate settings[:migrate]
      migration_command settings[:migrate_command]
      symlink_before_migrate settings[:symlink_before_migrate]
      symlinks settings[:symlinks] unless settings[:symlinks].nil?
      action settings[:action]
      before_migrate do
        if settings[:application_type] == 'rails' && settings[:auto_bundle_on_deploy]
          run "/usr/local/bin/bundle install --path #{settings[:home]}/.bundler/#{application} --without=#{(settings[:ignore_bundler_groups] || []).join(' ')}"
        elsif settings[:application_type] == 'nodejs' && settings[:auto_npm_install_on_deploy]
          run "npm #{node[:opsworks_nodejs][:npm_install_options]}"
        end
        run_callback_from_file("#{release_path}/deploy/before_migrate.rb")
      end
    end
  end
  database = settings[:database] || {}
  if settings[:application_type] == 'rails' && !database[:host].nil?
    template "#{settings[:deploy_to]}/shared/config/database.yml" do
      cookbook 'rails'
      source 'database.yml.erb'
      owner settings[:user]
      group settings[:group]
      mode '0660'
      variables :database => database, :environment => settings[:rails_env]
    end
  elsif settings[:application_type] == 'php'
    template "#{settings[:deploy_to]}/shared/config/opsworks.php" do
      cookbook 'php'
      source 'opsworks.php.erb'
      owner settings[:user]
      group settings[:group]
      mode '0660'
      variables :database => database, :memcached => settings[:memcached], :layers => node[:opsworks][:layers], :stack_name => node[:opsworks][:stack][:name]
    end
  end
  if settings[:application_type] == 'rails' && (node[:opsworks][:instance][:layers] || []).include?('rails-app')
    if (node[:opsworks][:rails_stack] || {})[:name] == 'nginx_unicorn'
      unicorn_web_app do
        application application
        deploy settings
      end
    else
      passenger_web_app do
        application application
        deploy settings
      end
    end
  end
  file "/etc/logrotate.d/opsworks_app_#{application}" do
    content "#{settings[:deploy_to]}/shared/log/*.log {\n  daily\n  copytruncate\n}\n"
  end
end
#== definitions/opsworks_checkout.rb
define :opsworks_checkout do
  settings = params[:deploy_data]
  application = params[:app]
  opsworks_deploy_dir do
    user settings[:user]
    group settings[:group]
    path settings[:deploy_to]
  end
  opsworks_deploy do
    deploy_data settings
    app application
  end
end
#== definitions/opsworks_nodejs.rb
define :opsworks_nodejs do
  settings = params[:deploy_data]
  application = params[:app]
  service 'monit' do
    action :nothing
  end
  template "#{settings[:deploy_to]}/shared/config/opsworks.js" do
    cookbook 'opsworks_nodejs'
    source 'opsworks.js.erb'
    owner settings[:user]
    group settings[:group]
    mode '0660'
    variables :database => settings[:database], :memcached => settings[:memcached], :layers => node[:opsworks][:layers]
  end
  template "#{settings[:deploy_to]}/shared/app.env" do
    cookbook 'opsworks_nodejs'
    source 'app.env.erb'
    owner settings[:user]
    group settings[:group]
    mode '0770'
    variables :environment => settings[:environment_variables]
  end
  template "#{(node[:monit] || {})[:conf_dir] || '/etc/monit/conf.d'}/node_web_app-#{application}.monitrc" do
    cookbook 'opsworks_nodejs'
    source 'node_web_app.monitrc.erb'
    mode '0644'
    variables :deploy => settings, :application_name => application, :monitored_script => "#{settings[:deploy_to]}/current/server.js"
    notifies :restart, 'service[monit]'
  end
end
