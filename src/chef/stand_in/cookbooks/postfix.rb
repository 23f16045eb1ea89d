#== attributes/default.rb
default['postfix']['mail_type'] = 'client'
default['postfix']['relayhost_role'] = 'relayhost'
default['postfix']['conf_dir'] = '/etc/postfix'
default['postfix']['packages'] = ['postfix']
default['postfix']['main']['relayhost'] = ''
default['postfix']['sasl']['smtp_sasl_user_name'] = ''
default['postfix']['sasl']['smtp_sasl_passwd'] = ''
#== recipes/default.rb
package 'postfix'
service 'postfix' do
  action [:enable, :start]
end
#== recipes/client.rb
include_recipe 'postfix::default'
#== recipes/server.rb
include_recipe 'postfix::default'
#== recipes/aliases.rb
#== recipes/sasl_auth.rb
