# node[:sidekiq][APP][WORKER]; what is not a worker: restart_command, syslog
default[:sidekiq] = {}

if node[:deploy]
  node[:deploy].each do |application, _deploy|
    next unless node[:sidekiq][application]

    default[:sidekiq][application][:restart_command] = "sudo monit restart -g sidekiq_#{application}_group"
    default[:sidekiq][application][:syslog] = false
  end
end
