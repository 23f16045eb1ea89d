unified_mode true
provides :tidegauge_instance
resource_name :tidegauge_instance

property :instance_name, String, name_property: true
property :version, String, required: %i(install), regex: /\A\d+\.\d+\.\d+\z/
property :url, String, required: %i(install)
property :checksum, String, required: %i(install)
property :home, String, default: '/opt/tidegauge'
property :user, String, default: 'tidegauge'
property :port, Integer, default: 7400, callbacks: { 'must be above 1024' => ->(port) { port > 1024 } }
property :log_level, [String, Symbol], equal_to: %w(debug info warn error), coerce: proc { |level| level.to_s }, default: 'info'
property :dsn, String, sensitive: true, desired_state: false
property :redis_url, String, default: 'redis://127.0.0.1:6379/0', desired_state: false

load_current_value do |desired|
  marker = ::File.join(desired.home, 'VERSION')
  current_value_does_not_exist! unless ::File.exist?(marker)
  version ::File.read(marker).strip
end

action :install do
  archive = ::File.join(Chef::Config[:file_cache_path], ::File.basename(new_resource.url))

  directory new_resource.home do
    owner 'root'
    mode '0755'
  end

  converge_if_changed :version do
    remote_file archive do
      source new_resource.url
      checksum new_resource.checksum
      mode '0644'
    end

    archive_file archive do
      destination new_resource.home
      strip_components 1
      overwrite true
    end

    file ::File.join(new_resource.home, 'VERSION') do
      content "#{new_resource.version}\n"
    end
  end
end

action :run do
  template '/etc/tidegauge/env' do
    source 'env.erb'
    cookbook 'tidegauge'
    owner 'root'
    group new_resource.user
    mode '0640'
    sensitive true
    variables(
      settings: {
        'TIDEGAUGE_LISTEN' => ":#{new_resource.port}",
        'TIDEGAUGE_LOG' => new_resource.log_level,
        'DATABASE_URL' => new_resource.dsn,
        'REDIS_URL' => new_resource.redis_url,
      }.compact
    )
    notifies :restart, "systemd_unit[#{unit_name}]", :delayed
  end

  systemd_unit unit_name do
    content <<~UNIT
      [Unit]
      Description=Tide gauge collector (#{new_resource.instance_name})
      Wants=network-online.target
      After=network-online.target redis-server.service

      [Service]
      User=#{new_resource.user}
      EnvironmentFile=/etc/tidegauge/env
      Environment=GOMAXPROCS=2
      ExecStartPre=#{new_resource.home}/bin/tidegauge check --config /etc/tidegauge/stations.toml
      ExecStart=#{new_resource.home}/bin/tidegauge serve --config /etc/tidegauge/stations.toml
      ExecReload=/bin/kill -HUP $MAINPID
      Restart=on-failure
      RestartSec=5
      TimeoutStopSec=30
      LimitNOFILE=8192
      MemoryMax=512M

      [Install]
      WantedBy=multi-user.target
    UNIT
    verify true
    triggers_reload true
    # not started here: stations.toml is written at the end of the run, then comes the restart that `env` notifies
    action %i(create enable)
    subscribes :reload, 'template[/etc/tidegauge/stations.toml]', :delayed
  end
end

action :remove do
  systemd_unit unit_name do
    action %i(stop disable delete)
  end

  directory new_resource.home do
    recursive true
    action :delete
  end
end

action_class do
  def unit_name
    "tidegauge-#{new_resource.instance_name}.service"
  end
end
