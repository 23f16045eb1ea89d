name 'depot'
version '1.2.0'
