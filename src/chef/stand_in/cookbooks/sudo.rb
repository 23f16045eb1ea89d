#== attributes/default.rb
default['authorization']['sudo']['groups'] = []
default['authorization']['sudo']['users'] = []
default['authorization']['sudo']['passwordless'] = false
default['authorization']['sudo']['include_sudoers_d'] = false
default['authorization']['sudo']['agent_forwarding'] = false
default['authorization']['sudo']['sudoers_defaults'] = ['!lecture,tty_tickets,!fqdn']
default['authorization']['sudo']['command_aliases'] = []
default['authorization']['sudo']['prefix'] = '/etc'
#== recipes/default.rb
package 'sudo'
