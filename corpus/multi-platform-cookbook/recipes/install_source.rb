source  = node['heliograph']['source']
version = node['heliograph']['version']
cache   = Chef::Config[:file_cache_path]

apt_update 'heliograph' if platform_family?('debian')

source['build_packages'].each { |name| package name }

group node['heliograph']['group'] do
  system true
end

user node['heliograph']['user'] do
  gid node['heliograph']['group']
  home node['heliograph']['queue_dir']
  shell platform_family?('debian') ? '/usr/sbin/nologin' : '/sbin/nologin'
  system true
end

remote_file "#{cache}/heliograph-#{version}.tar.gz" do
  source source['url']
  checksum source['checksum']
  notifies :run, 'bash[build heliograph]', :immediately
end

bash 'build heliograph' do
  cwd cache
  code <<-BUILD
    set -e
    tar xzf heliograph-#{version}.tar.gz
    cd heliograph-#{version}
    ./configure --prefix=#{source['prefix']} #{source['configure_flags'].join(' ')}
    make -j#{node['heliograph']['workers']}
    make install
  BUILD
  creates "#{source['prefix']}/sbin/heliographd"
  action :nothing
end
