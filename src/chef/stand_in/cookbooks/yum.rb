#== attributes/default.rb
default['yum']['main']['gpgcheck'] = true
default['yum']['main']['cachedir'] = '/var/cache/yum/$basearch/$releasever'
default['yum']['main']['path'] = '/etc/yum.conf'
#== recipes/default.rb
#== recipes/dnf_yum_compat.rb
#== resources/globalconfig.rb
property :path, String, name_property: true
action :create do
end
action :delete do
end
