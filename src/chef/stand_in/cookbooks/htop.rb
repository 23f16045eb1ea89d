#== recipes/default.rb
package 'htop'
