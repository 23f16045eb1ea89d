#== resources/service.rb
provides :poise_service
property :service_name, String, name_property: true
property :command, [String, nil]
property :directory, String, default: '/'
property :environment, Hash, default: {}
property :user, String, default: 'root'
property :stop_signal, [String, Symbol], default: 'TERM'
property :reload_signal, [String, Symbol], default: 'HUP'
property :restart_on_update, [true, false, String, Symbol], default: true
default_action :enable
action :enable do
  given = new_resource
  systemd_unit "#{given.service_name}.service" do
    content(
      'Unit' => { 'Description' => given.service_name },
      'Service' => {
        'Environment' => given.environment.map { |key, value| "\"#{key}=#{value}\"" }.join(' '),
        'ExecStart' => given.command, 'KillSignal' => "SIG#{given.stop_signal}", 'User' => given.user,
        'WorkingDirectory' => given.directory, 'Restart' => 'on-failure'
      },
      'Install' => { 'WantedBy' => 'multi-user.target' }
    )
    action [:create, :enable, :start]
  end
end
%i(disable start stop restart reload).each do |verb|
  action verb do
  end
end
#== resources/user.rb
provides :poise_service_user
property :user, String, name_property: true
property :group, [String, false, nil]
property :uid, [Integer, nil]
property :gid, [Integer, nil]
property :home, [String, nil]
property :shell, [String, nil]
default_action :create
action :create do
  given = new_resource
  user given.user do
    home given.home if given.home
    shell given.shell if given.shell
    system true
  end
end
action :remove do
end
