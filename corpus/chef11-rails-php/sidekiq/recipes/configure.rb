include_recipe 'bramble::env'
include_recipe 'bramble::memcached'

node[:deploy].each do |application, deploy|
  next unless node[:sidekiq][application]

  template "#{deploy[:deploy_to]}/shared/config/database.yml" do
    cookbook 'rails'
    source 'database.yml.erb'
    owner deploy[:user]
    group deploy[:group]
    mode 0660
    variables(:database => deploy[:database], :environment => deploy[:rails_env])
    notifies :run, "execute[restart sidekiq of #{application}]"
    only_if { deploy[:database][:host] && ::File.directory?("#{deploy[:deploy_to]}/shared/config") }
  end

  execute "restart sidekiq of #{application}" do
    command node[:sidekiq][application][:restart_command]
    action :nothing
  end
end
