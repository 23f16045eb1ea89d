name 'needy'
version '0.1.0'
depends 'absent', '~> 4.0'
depends 'attrfault'
