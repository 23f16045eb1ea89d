#== recipes/default.rb
package 'unzip'
package 'zip'
