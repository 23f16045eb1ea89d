# Only in the recipes of the "worker" layer, which has one instance.
node[:deploy].each do |application, deploy|
  next unless deploy[:application_type] == 'rails'

  run = "cd #{deploy[:current_path]} && set -a && . #{deploy[:deploy_to]}/shared/.env && set +a && /usr/local/bin/bundle exec rake"

  cron "#{application}: invoices" do
    minute '10'
    hour '3'
    user deploy[:user]
    command "#{run} invoices:send >> #{deploy[:deploy_to]}/shared/log/cron.log 2>&1"
    mailto 'ops@bramble.example'
  end

  cron "#{application}: stock" do
    minute '*/15'
    hour '6-22'
    weekday '1-6'
    user deploy[:user]
    command "#{run} stock:sync >/dev/null 2>&1"
  end

  cron "#{application}: sitemap" do
    minute '0'
    hour '5'
    day '1,15'
    user deploy[:user]
    environment 'SITEMAP_HOST' => "https://#{deploy[:domains].first}"
    command "#{run} sitemap:refresh"
    action deploy[:domains].empty? ? :delete : :create
  end
end

# The old nightly job, replaced by invoices:send in 1.9
cron 'nightly' do
  user 'deploy'
  action :delete
end
