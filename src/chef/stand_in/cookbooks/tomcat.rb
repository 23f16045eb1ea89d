#== attributes/default.rb
default['tomcat']['base_version'] = 7
default['tomcat']['port'] = 8080
default['tomcat']['user'] = 'tomcat'
default['tomcat']['group'] = 'tomcat'
default['tomcat']['home'] = '/usr/share/tomcat'
default['tomcat']['webapp_dir'] = '/var/lib/tomcat/webapps'
default['tomcat']['java_options'] = '-Xmx128M -Djava.awt.headless=true'
#== recipes/default.rb
package 'tomcat'
service 'tomcat' do
  action [:enable, :start]
end
