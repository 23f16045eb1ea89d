include_recipe 'deploy'
include_recipe 'sidekiq::setup'
include_recipe 'sidekiq::configure'

node[:deploy].each do |application, deploy|
  next unless node[:sidekiq][application]

  opsworks_deploy do
    deploy_data deploy
    app application
  end

  execute "sidekiq of #{application} takes the new release" do
    command "sleep #{deploy[:sleep_before_restart]} && #{node[:sidekiq][application][:restart_command]}"
    retries 2
  end
end
