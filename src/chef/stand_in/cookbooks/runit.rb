#== attributes/default.rb
default['runit']['sv_bin'] = '/usr/bin/sv'
default['runit']['chpst_bin'] = '/usr/bin/chpst'
default['runit']['service_dir'] = '/etc/service'
default['runit']['sv_dir'] = '/etc/sv'
default['runit']['lsb_init_dir'] = '/etc/init.d'
default['runit']['executable'] = '/sbin/runit'
#== recipes/default.rb
package 'runit'
service 'runit' do
  action [:enable, :start]
end
#== resources/service.rb
property :service_name, String, name_property: true
property :sv_dir, [String, false], default: '/etc/sv'
property :service_dir, String, default: '/etc/service'
property :lsb_init_dir, String, default: '/etc/init.d'
property :control, Array, default: []
property :options, Hash, default: {}
property :env, Hash, default: {}
property :log, [true, false], default: true
property :default_logger, [true, false], default: false
property :log_options, Hash, default: {}
property :cookbook, [String, nil]
property :run_template_name, [String, nil]
property :log_template_name, [String, nil]
property :check, [true, false], default: false
property :finish, [true, false], default: false
property :owner, [String, nil]
property :group, [String, nil]
property :restart_on_update, [true, false], default: true
property :sv_templates, [true, false], default: true
property :sv_timeout, [Integer, nil]
property :start_down, [true, false], default: false
property :supervisor_owner, [String, nil]
property :supervisor_group, [String, nil]
default_action :enable
action_class do
  def run_script
    given = new_resource
    folder = "#{given.sv_dir}/#{given.service_name}"
    directory folder do
      recursive true
    end
    template "#{folder}/run" do
      source "sv-#{given.run_template_name || given.service_name}-run.erb"
      cookbook given.cookbook || given.cookbook_name
      variables options: given.options
      owner given.owner
      group given.group
      mode '0755'
    end if given.sv_templates
    given.env.each do |key, value|
      directory("#{folder}/env")
      file("#{folder}/env/#{key}") { content value.to_s }
    end
    link("#{given.service_dir}/#{given.service_name}") { to folder }
  end
end
action(:enable) { run_script }
action(:create) { run_script }
%i(start stop restart reload disable once hup usr1 usr2 term kill up down).each do |verb|
  action verb do
  end
end
