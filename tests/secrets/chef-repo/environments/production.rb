name 'production'
default_attributes 'pier' => { 'environment_secret' => '@@environment_rb@@' }
