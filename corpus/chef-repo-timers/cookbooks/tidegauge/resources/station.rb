# Any recipe may add a station; all of them end in one file.
unified_mode true
provides :tidegauge_station
resource_name :tidegauge_station

property :code, String, name_property: true, coerce: proc { |code| code.upcase }
property :label, String, required: true
property :datum, String, default: 'NHN'
property :interval, Integer, default: 60
property :config_path, String, default: '/etc/tidegauge/stations.toml', desired_state: false

action :add do
  with_run_context :root do
    edit_resource(:template, new_resource.config_path) do |station|
      cookbook 'tidegauge'
      source 'stations.toml.erb'
      owner 'root'
      mode '0644'
      variables[:stations] ||= {}
      variables[:stations][station.code] = { label: station.label, datum: station.datum, interval: station.interval }

      action :nothing
      delayed_action :create
    end
  end
end
