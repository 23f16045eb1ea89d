Chef::Log.info("before_migrate of #{release_path}")

rails_env = new_resource.environment['RAILS_ENV']
shared = "#{new_resource.deploy_to}/shared"

directory "#{shared}/assets" do
  owner new_resource.user
  group new_resource.group
  mode 0775
end

link "#{release_path}/public/assets" do
  to "#{shared}/assets"
end

execute 'rake assets:precompile' do
  cwd release_path
  user new_resource.user
  command "if [ -f #{shared}/.env ]; then set -a; . #{shared}/.env; set +a; fi; bundle exec rake assets:precompile"
  environment 'RAILS_ENV' => rails_env, 'HOME' => node[:deploy]['storefront'][:home]
end
