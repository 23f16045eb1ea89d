#== metadata.rb
name 'opsworks_nodejs'
#== attributes/default.rb
include_attribute 'opsworks_nodejs::customize'
#== attributes/customize.rb
#== recipes/default.rb
wanted = node[:opsworks_nodejs][:version].to_s
remote_file '/tmp/opsworks-nodejs.tar.gz' do
  source "https://nodejs.org/dist/v#{wanted}/node-v#{wanted}-linux-x64.tar.gz"
end
#== templates/default/app.env.erb
<% (@environment || {}).each do |key, value| -%>
export "<%= key %>"="<%= value %>"
<% end -%>
#== templates/default/opsworks.js.erb
exports.db = <%= (@database || {}).to_hash.to_json %>;
exports.memcached = <%= (@memcached || {}).to_hash.to_json %>;
#== templates/default/node_web_app.monitrc.erb
check host node_web_app_<%= @application_name %> with address 127.0.0.1
  start program = "/bin/bash -c 'cd <%= @deploy[:deploy_to] %>/current && . <%= @deploy[:deploy_to] %>/shared/app.env && /usr/bin/env PORT=<%= @deploy[:nodejs][:port] %> NODE_PATH=<%= @deploy[:deploy_to] %>/current/node_modules /usr/local/bin/node <%= @monitored_script %> >> <%= @deploy[:deploy_to] %>/shared/log/node.stdout.log 2>> <%= @deploy[:deploy_to] %>/shared/log/node.stderr.log'"
  stop program = "/usr/bin/pkill -f 'node <%= @monitored_script %>'"
  if failed port <%= @deploy[:nodejs][:port] %> protocol HTTP request / with timeout 10 seconds then restart
