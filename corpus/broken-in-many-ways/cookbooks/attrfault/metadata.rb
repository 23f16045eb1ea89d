name 'attrfault'
version '0.1.0'
depends 'needy'
