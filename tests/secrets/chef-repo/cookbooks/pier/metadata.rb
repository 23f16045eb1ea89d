name 'pier'
version '0.1.0'
