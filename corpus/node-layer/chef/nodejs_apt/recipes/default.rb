package %w(apt-transport-https ca-certificates)

apt_repository 'nodesource' do
  uri "https://deb.nodesource.com/node_#{node['nodejs_apt']['major']}.x"
  distribution node['lsb']['codename']
  components ['main']
  key 'https://deb.nodesource.com/gpgkey/nodesource.gpg.key'
end

package 'nodejs' do
  version node['nodejs_apt']['version'] if node['nodejs_apt']['version']
end

execute "npm install -g npm@#{node['nodejs_apt']['npm_version']}" do
  not_if "npm --version | grep -qx '#{node['nodejs_apt']['npm_version']}'"
end
