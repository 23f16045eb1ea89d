# OpsWorks gives the variables of the app to unicorn only. Rake, cron and sidekiq read this file.
require 'securerandom'

node.set_unless[:bramble][:preview_token] = SecureRandom.hex(24)

node[:deploy].each do |application, deploy|
  next if deploy[:application_type] != 'rails'

  bramble_dotenv "#{deploy[:deploy_to]}/shared/.env" do
    vars deploy[:environment_variables]
    extra(
      'RAILS_ENV'     => deploy[:rails_env],
      'SERVED_BY'     => node[:bramble][:served_by],
      'PREVIEW_TOKEN' => node[:bramble][:preview_token],
      'TZ'            => node.bramble.timezone
    )
    owner deploy[:user]
    group deploy[:group]
    only_if { ::File.directory?("#{deploy[:deploy_to]}/shared") }
  end
end
