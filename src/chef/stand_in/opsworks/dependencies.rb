#== metadata.rb
name 'dependencies'
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
