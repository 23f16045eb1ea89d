#== recipes/default.rb
package 'curl'
#== recipes/devel.rb
package platform_family?('debian') ? 'libcurl4-openssl-dev' : 'libcurl-devel'
