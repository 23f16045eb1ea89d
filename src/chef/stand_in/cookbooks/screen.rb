#== recipes/default.rb
package 'screen'
