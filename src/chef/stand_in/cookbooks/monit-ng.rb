#== attributes/default.rb
default['monit']['conf_dir'] = platform_family?('debian') ? '/etc/monit/conf.d' : '/etc/monit.d'
#== recipes/default.rb
package 'monit'
service 'monit' do
  action [:enable, :start]
end
#== resources/check.rb
provides :monit_check
property :check_name, String, name_property: true
property :check_type, String, default: 'process'
property :check_id, [String, nil]
property :id_type, [String, nil]
property :group, [String, nil]
property :start, [String, nil]
property :start_as, [String, nil]
property :stop, [String, nil]
property :tests, Array, default: []
property :every, [String, nil]
property :cookbook, [String, nil]
default_action :create
action :create do
  check = new_resource
  lines = ["check #{check.check_type} #{check.check_name} with #{check.id_type || 'pidfile'} #{check.check_id}"]
  lines << "  start program = \"#{check.start}\"" if check.start
  lines << "  stop program = \"#{check.stop}\"" if check.stop
  file "#{node['monit']['conf_dir']}/#{check.check_name}.conf" do
    content lines.join("\n") + "\n"
  end
end
action :remove do
end
