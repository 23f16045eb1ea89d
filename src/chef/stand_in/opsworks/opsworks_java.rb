#== metadata.rb
name 'opsworks_java'
depends 'apache2'
#== attributes/default.rb
include_attribute 'opsworks_java::customize'
#== attributes/customize.rb
#== recipes/setup.rb
package "openjdk-#{node[:opsworks_java][:jvm_version]}-jdk"
package 'tomcat7'
service 'tomcat7' do
  action [:enable, :start]
end
include_recipe 'apache2'
#== recipes/configure.rb
include_recipe 'opsworks_java::context'
#== recipes/context.rb
(node[:deploy] || {}).each do |application, settings|
  next unless settings[:application_type] == 'java'
  template "/etc/tomcat7/Catalina/localhost/#{application == 'root' ? 'ROOT' : application}.xml" do
    source 'webapp_context.xml.erb'
    cookbook 'opsworks_java'
    mode '0640'
    variables :application => application, :environment => settings[:environment_variables], :database => settings[:database] || {}
  end
end
#== recipes/web_app.rb
#== templates/default/webapp_context.xml.erb
<Context>
<% if @database[:host] -%>
  <Resource name="jdbc/<%= @database[:database] %>" auth="Container" type="javax.sql.DataSource" username="<%= @database[:username] %>" password="<%= @database[:password] %>" url="jdbc:<%= @database[:type] %>://<%= @database[:host] %>/<%= @database[:database] %>" />
<% end -%>
<% (@environment || {}).each do |key, value| -%>
  <Environment name="<%= key %>" value="<%= value %>" type="java.lang.String" override="false" />
<% end -%>
</Context>
