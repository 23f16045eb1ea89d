name 'base_os'
description 'Time, people, Chef itself'
version '0.5.0'
chef_version '>= 16.0'
