#== attributes/default.rb
default['monit']['poll_period'] = 60
default['monit']['poll_start_delay'] = 120
default['monit']['notify_email'] = 'notify@example.com'
default['monit']['port'] = 2812
default['monit']['address'] = 'localhost'
default['monit']['allow'] = ['localhost']
default['monit']['ssl'] = false
default['monit']['mail_format']['from'] = 'monit@$HOST'
default['monit']['includes_dir'] = platform_family?('debian') ? '/etc/monit/conf.d' : '/etc/monit.d'
default['monit']['conf_dir'] = node['monit']['includes_dir']
default['monit']['main_config_path'] = platform_family?('debian') ? '/etc/monit/monitrc' : '/etc/monit.conf'
default['monit']['conf_file'] = node['monit']['main_config_path']
default['monit']['default_monitrc_configs'] = ['load', 'ssh']
#== recipes/default.rb
package 'monit'
directory node['monit']['includes_dir'] do
  recursive true
end
service 'monit' do
  supports restart: true, start: true, reload: true
  action [:enable, :start]
end
#== recipes/install.rb
package 'monit'
#== recipes/config.rb
#== recipes/ssh.rb
#== recipes/postfix.rb
#== resources/monitrc.rb
property :variables, Hash, default: {}
property :template_cookbook, [String, nil]
property :template_source, [String, nil]
property :cookbook, [String, nil]
property :source, [String, nil]
default_action :enable
action_class do
  def control_file(verb)
    given = new_resource
    template "#{node['monit']['includes_dir']}/#{given.name}.monitrc" do
      source given.template_source || given.source || "#{given.name}.monitrc.erb"
      cookbook given.template_cookbook || given.cookbook || given.cookbook_name
      variables given.variables
      mode '0644'
      action verb
    end
  end
end
%i(enable create).each { |verb| action(verb) { control_file(:create) } }
%i(disable delete).each { |verb| action(verb) { control_file(:delete) } }
