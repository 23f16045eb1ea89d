#== attributes/default.rb
default['logrotate']['package']['name'] = 'logrotate'
default['logrotate']['directory'] = '/etc/logrotate.d'
default['logrotate']['cron']['install'] = false
default['logrotate']['global']['weekly'] = true
default['logrotate']['global']['rotate'] = 4
default['logrotate']['global']['create'] = ''
#== libraries/options.rb
module CookbookLogrotate
  module LogrotateConfiguration
  end
end
#== recipes/default.rb
package node['logrotate']['package']['name']
directory node['logrotate']['directory']
#== recipes/global.rb
include_recipe 'logrotate::default'
#== resources/app.rb
property :path, [String, Array, nil]
property :frequency, [String, nil], default: 'weekly'
property :cookbook, String, default: 'logrotate'
property :template_name, String, default: 'logrotate.erb'
property :template_mode, String, default: '0644'
property :template_owner, String, default: 'root'
property :template_group, String, default: 'root'
property :base_dir, String, default: '/etc/logrotate.d'
property :options, [String, Array], default: %w(missingok delaycompress notifempty)
property :rotate, [Integer, String, nil]
property :size, [Integer, String, nil]
property :create, [String, nil]
property :su, [String, nil]
property :prerotate, [String, Array, nil]
property :postrotate, [String, Array, nil]
property :firstaction, [String, Array, nil]
property :lastaction, [String, Array, nil]
property :sharedscripts, [true, false], default: false
property :enable, [true, false], default: true
default_action :enable
action :enable do
  given = new_resource
  settings = [given.frequency, ("rotate #{given.rotate}" if given.rotate), *Array(given.options)].compact
  file "#{given.base_dir}/#{given.name}" do
    content "#{Array(given.path).join(' ')} {\n" + settings.map { |line| "  #{line}\n" }.join + "}\n"
    mode given.template_mode
  end
end
action :disable do
end
