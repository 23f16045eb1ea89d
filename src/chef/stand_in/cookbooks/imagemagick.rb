#== recipes/default.rb
package platform_family?('debian') ? 'imagemagick' : 'ImageMagick'
#== recipes/devel.rb
package platform_family?('debian') ? 'libmagickwand-dev' : 'ImageMagick-devel'
