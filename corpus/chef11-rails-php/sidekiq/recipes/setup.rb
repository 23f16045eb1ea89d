include_recipe 'sidekiq::service'

node[:deploy].each do |application, deploy|
  settings = node[:sidekiq][application]
  if settings.nil?
    Chef::Log.info("no sidekiq workers for #{application}")
    next
  end

  opsworks_deploy_user do
    deploy_data deploy
  end

  opsworks_deploy_dir do
    user deploy[:user]
    group deploy[:group]
    path deploy[:deploy_to]
  end

  workers = Bramble.plain(settings).reject { |key, _| key.to_s =~ /\A(restart_command|syslog)\z/ }

  workers.each do |worker, options|
    config = options['config'] || {}

    (options['process_count'] || 1).times do |n|
      file "#{deploy[:deploy_to]}/shared/config/sidekiq_#{worker}#{n + 1}.yml" do
        # Sidekiq wants symbols as keys
        content YAML.dump(config).gsub(/^(\s*)([^:][^\s]*):/, '\1:\2:')
        owner deploy[:user]
        group deploy[:group]
        mode 0644
        action :create
      end
    end
  end

  template "#{node[:bramble][:monit_dir]}/sidekiq_#{application}.monitrc" do
    source 'sidekiq_monitrc.erb'
    owner 'root'
    group 'root'
    mode 0644
    variables(
      :deploy      => deploy,
      :application => application,
      :workers     => workers,
      :syslog      => settings[:syslog]
    )
    notifies :reload, 'service[monit]', :immediately
  end

  bramble_logrotate "sidekiq_#{application}" do
    path "#{deploy[:deploy_to]}/shared/log/sidekiq_*.log"
    owner deploy[:user]
  end
end
