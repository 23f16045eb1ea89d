#== attributes/default.rb
default['java']['jdk_version'] = '8'
default['java']['arch'] = 'x86_64'
default['java']['install_flavor'] = 'openjdk'
default['java']['java_home'] = "/usr/lib/jvm/java-#{node['java']['jdk_version']}-openjdk-amd64"
default['java']['openjdk_packages'] = platform_family?('debian') ? ["openjdk-#{node['java']['jdk_version']}-jdk"] : ["java-1.#{node['java']['jdk_version']}.0-openjdk-devel"]
default['java']['oracle']['accept_oracle_download_terms'] = false
default['java']['set_default'] = true
default['java']['set_etc_environment'] = false
default['java']['use_alt_suffix'] = true
#== recipes/default.rb
node['java']['openjdk_packages'].each { |name| package name }
#== recipes/openjdk.rb
include_recipe 'java::default'
#== recipes/oracle.rb
include_recipe 'java::default'
#== recipes/set_java_home.rb
#== recipes/set_attributes_from_version.rb
#== resources/ark.rb
property :app_home, String, name_property: true
property :url, [String, nil]
property :checksum, [String, nil]
property :app_home_mode, [String, Integer], default: '0755'
property :bin_cmds, [Array, nil]
property :owner, String, default: 'root'
property :group, [String, nil]
default_action :install
action :install do
  given = new_resource
  remote_file "#{Chef::Config[:file_cache_path]}/#{::File.basename(given.url.to_s)}" do
    source given.url
    checksum given.checksum if given.checksum
  end if given.url
end
action :remove do
end
#== resources/openjdk_install.rb
provides :openjdk_install
provides :openjdk_pkg_install
property :version, String, name_property: true
default_action :install
action :install do
  package platform_family?('debian') ? "openjdk-#{new_resource.version}-jdk" : "java-#{new_resource.version}-openjdk-devel"
end
