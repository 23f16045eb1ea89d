provides :faults_sheet
unified_mode true

property :sheet, String, name_property: true
property :width, Integer, default: 40

action :create do
  file "/etc/faults/sheet_#{new_resource.sheet}" do
    content new_resource.width.to_s
  end
end
