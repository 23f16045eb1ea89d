#== metadata.rb
name 'dependencies'
#== libraries/blank.rb
class Object
  def blank?
    respond_to?(:empty?) ? empty? : !self
  end

  def present?
    !blank?
  end
end
class String
  def blank?
    strip.empty?
  end
end
#== recipes/default.rb
wanted = node[:dependencies] || {}
packages = (wanted[:debs] || {}).to_hash
packages.each do |package_name, wanted_version|
  package package_name do
    version wanted_version unless wanted_version.nil? || wanted_version == 'latest'
    action :upgrade
  end
end
(wanted[:gems] || {}).to_hash.each do |gem_name, wanted_version|
  gem_package gem_name do
    version wanted_version unless wanted_version.nil? || wanted_version == 'latest'
  end
end
if (node[:opsworks][:instance][:layers] || []).include?('rails-app') && node[:opsworks][:ruby_version]
  patches = { '1.9.3' => '1.9.3-p551', '2.0.0' => '2.0.0-p648', '2.1' => '2.1.9', '2.2' => '2.2.8', '2.3' => '2.3.7', '2.6' => '2.6.1' }
  wanted = node[:opsworks][:ruby_version].to_s
  remote_file '/tmp/opsworks-ruby.tar.gz' do
    source "https://cache.ruby-lang.org/pub/ruby/ruby-#{patches[wanted] || wanted}.tar.gz"
  end
end
#== recipes/update.rb
include_recipe 'dependencies'
