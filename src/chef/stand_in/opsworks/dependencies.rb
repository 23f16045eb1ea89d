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
#== recipes/update.rb
include_recipe 'dependencies'
