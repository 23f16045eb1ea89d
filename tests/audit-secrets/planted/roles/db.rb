name 'db'
default_attributes(
  'mysql' => { 'server_root_password' => '@@role_ruby@@' },
  :depot => { :secret => '@@role_ruby_symbol@@' }
)
run_list 'recipe[depot]'
