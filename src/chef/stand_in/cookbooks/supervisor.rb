#== attributes/default.rb
default['supervisor']['unix_http_server']['chmod'] = '700'
default['supervisor']['unix_http_server']['chown'] = 'root:root'
default['supervisor']['inet_port'] = nil
default['supervisor']['inet_username'] = nil
default['supervisor']['inet_password'] = nil
default['supervisor']['dir'] = '/etc/supervisor.d'
default['supervisor']['conffile'] = '/etc/supervisord.conf'
default['supervisor']['log_dir'] = '/var/log/supervisor'
default['supervisor']['logfile_maxbytes'] = '50MB'
default['supervisor']['logfile_backups'] = 10
default['supervisor']['loglevel'] = 'info'
default['supervisor']['minfds'] = 1024
default['supervisor']['minprocs'] = 200
default['supervisor']['version'] = nil
default['supervisor']['socket_file'] = '/var/run/supervisor.sock'
default['supervisor']['includes'] = []
#== recipes/default.rb
package 'supervisor'
directory node['supervisor']['dir'] do
  recursive true
end
directory node['supervisor']['log_dir'] do
  recursive true
end
service 'supervisor' do
  action [:enable, :start]
end
#== resources/service.rb
property :service_name, String, name_property: true
property :command, [String, nil]
property :process_name, String, default: '%(program_name)s'
property :numprocs, Integer, default: 1
property :numprocs_start, Integer, default: 0
property :priority, Integer, default: 999
property :autostart, [true, false], default: true
property :autorestart, [true, false, String, Symbol], default: :unexpected
property :startsecs, Integer, default: 1
property :startretries, Integer, default: 3
property :exitcodes, Array, default: [0, 2]
property :stopsignal, [String, Symbol], default: :TERM
property :stopwaitsecs, Integer, default: 10
property :stopasgroup, [true, false, nil]
property :killasgroup, [true, false, nil]
property :user, [String, nil]
property :redirect_stderr, [true, false], default: false
property :stdout_logfile, String, default: 'AUTO'
property :stderr_logfile, String, default: 'AUTO'
property :environment, Hash, default: {}
property :directory, [String, nil]
property :umask, [String, nil]
property :serverurl, String, default: 'AUTO'
property :eventlistener, [true, false], default: false
default_action :enable
action :enable do
  program = new_resource
  lines = ["[program:#{program.service_name}]", "command=#{program.command}", "process_name=#{program.process_name}",
           "numprocs=#{program.numprocs}", "autostart=#{program.autostart}", "autorestart=#{program.autorestart}",
           "stopsignal=#{program.stopsignal}", "stopwaitsecs=#{program.stopwaitsecs}"]
  lines << "user=#{program.user}" if program.user
  lines << "directory=#{program.directory}" if program.directory
  lines << "environment=#{program.environment.map { |key, value| %(#{key}="#{value}") }.join(',')}" unless program.environment.empty?
  file "#{node['supervisor']['dir']}/#{program.service_name}.conf" do
    content lines.join("\n") + "\n"
    mode '0644'
  end
end
action :disable do
  file("#{node['supervisor']['dir']}/#{new_resource.service_name}.conf") { action :delete }
end
%i(start stop restart reload).each do |verb|
  action verb do
  end
end
#== resources/group.rb
property :programs, Array, default: []
default_action :enable
action :enable do
end
action :disable do
end
#== resources/fcgi.rb
property :command, [String, nil]
default_action :enable
action :enable do
end
