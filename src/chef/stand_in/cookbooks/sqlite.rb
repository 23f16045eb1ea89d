#== recipes/default.rb
package platform_family?('debian') ? %w(sqlite3 sqlite3-doc) : 'sqlite'
