include_recipe 'sidekiq::service'

node[:deploy].each do |application, deploy|
  execute "monit stop -g sidekiq_#{application}_group" do
    ignore_failure true
  end

  file "#{node[:bramble][:monit_dir]}/sidekiq_#{application}.monitrc" do
    action :delete
    notifies :reload, 'service[monit]'
  end

  directory deploy[:deploy_to] do
    recursive true
    action :delete
    only_if { ::File.exists?(deploy[:deploy_to]) }
  end
end
