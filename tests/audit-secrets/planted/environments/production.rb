name 'production'
override_attributes 'depot' => { 'db' => { 'password' => '@@environment_ruby@@' } }
