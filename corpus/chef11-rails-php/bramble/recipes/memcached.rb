include_recipe 'deploy'

servers = if node[:opsworks][:layers]['memcached'] && !node[:opsworks][:layers]['memcached'][:instances].empty?
            node[:opsworks][:layers]['memcached'][:instances].values.map { |i| "#{i[:private_ip]}:11211" }.sort
          else
            Chef::Log.warn('no memcached instance is online')
            []
          end

rails_host = in_layer?('rails-app')

node[:deploy].each do |application, deploy|
  next unless deploy[:application_type] == 'rails'

  execute "restart unicorn of #{application}" do
    command "#{deploy[:deploy_to]}/shared/scripts/unicorn restart"
    only_if { rails_host && ::File.exists?(deploy[:current_path]) }
    action :nothing
  end

  template "#{deploy[:deploy_to]}/shared/config/dalli.yml" do
    source 'dalli.yml.erb'
    owner deploy[:user]
    group deploy[:group]
    mode 0660
    variables(
      :servers     => servers,
      :environment => deploy[:rails_env],
      :options     => node[:bramble][:memcached]
    )
    notifies :run, "execute[restart unicorn of #{application}]"
    only_if { ::File.directory?("#{deploy[:deploy_to]}/shared/config") }
  end
end
