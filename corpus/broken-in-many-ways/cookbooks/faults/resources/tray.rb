provides :faults_tray
unified_mode true

property :tray, String, name_property: true
property :size, Bakery::TraySize

action :create do
  file "/etc/faults/tray_#{new_resource.tray}"
end
