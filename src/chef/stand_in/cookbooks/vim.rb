#== recipes/default.rb
package 'vim'
