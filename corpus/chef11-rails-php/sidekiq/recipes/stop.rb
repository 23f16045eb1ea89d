node[:deploy].each do |application, _|
  execute "let sidekiq of #{application} finish" do
    command "pkill -USR1 -u deploy -f 'sidekiq_' || true; sleep 15; monit stop -g sidekiq_#{application}_group"
  end
end
