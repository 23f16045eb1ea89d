name 'pier'
run_list 'recipe[pier]'
default_attributes('pier' => { 'role_password' => '@@role_rb@@', 'hook' => 'https://hooks.slack.com/services/T1/B1/@@role_hook@@' })
override_attributes(pier: { unread_secret: '@@role_unread@@' })
