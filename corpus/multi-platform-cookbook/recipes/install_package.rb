case node['platform_family']
when 'debian'
  apt_repository 'heliograph' do
    uri "https://packages.heliograph.example/#{node['platform']}"
    distribution node['lsb']['codename']
    components %w(main)
    key 'https://packages.heliograph.example/key.asc'
  end
when 'rhel', 'fedora', 'amazon'
  yum_repository 'heliograph' do
    description 'Heliograph'
    baseurl "https://packages.heliograph.example/el/#{platform?('amazon') ? 7 : node['platform_version'].to_i}/$basearch"
    gpgkey 'https://packages.heliograph.example/key.asc'
  end

  package 'epel-release' if platform?('centos', 'rocky')
when 'suse'
  execute 'zypper addrepo' do
    command 'zypper --non-interactive addrepo --gpgcheck https://packages.heliograph.example/suse heliograph && zypper --gpg-auto-import-keys refresh heliograph'
    not_if 'zypper lr heliograph'
  end
end

package node['heliograph']['package'] do
  version(value_for_platform_family('debian' => "#{node['heliograph']['version']}-1", 'default' => node['heliograph']['version']))
end
