root    = node['quaypost']['root']
user    = node['quaypost']['user']
source  = quaypost_app['app_source']
release = "#{root}/releases/#{source['revision']}"
upstart = upstart_host?

include_recipe 'quaypost::configure'

file "#{root}/shared/deploy_key" do
  content source['ssh_key'].to_s
  owner user
  mode '0600'
  sensitive true
end

file "#{root}/shared/git_ssh" do
  content "#!/bin/sh\nexec ssh -i #{root}/shared/deploy_key -o StrictHostKeyChecking=no \"$@\"\n"
  owner user
  mode '0755'
end

git release do
  repository source['url']
  revision source['revision']
  ssh_wrapper "#{root}/shared/git_ssh"
  user user
end

# The application is the folder app/ of the repository.
execute 'npm ci' do
  command 'npm ci --only=production && npm run build'
  cwd "#{release}/app"
  user user
  environment 'HOME' => root, 'NODE_ENV' => 'production'
end

link "#{root}/current" do
  to "#{release}/app"
end

quaypost_processes.each do |_, process|
  service "restart #{process['name']}" do
    service_name "quaypost-#{process['name']}"
    provider Chef::Provider::Service::Upstart if upstart
    action :restart
  end
end

execute 'old releases' do
  command "ls -1dt #{root}/releases/* | tail -n +#{node['quaypost']['keep_releases'] + 1} | xargs -r rm -rf"
end
