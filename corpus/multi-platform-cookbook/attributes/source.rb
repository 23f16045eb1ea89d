default['heliograph']['source']['prefix'] = '/usr/local'
default['heliograph']['source']['url'] = "https://downloads.heliograph.example/heliograph-#{node['heliograph']['version']}.tar.gz"
default['heliograph']['source']['checksum'] = 'b7e1a0cf56d2483971ce0d5f8a94b6e3270fc1d8e5a6b794c3d2e1f0a9b8c7d6'
default['heliograph']['source']['configure_flags'] = %w(--with-openssl --without-docs)

default['heliograph']['source']['build_packages'] = value_for_platform_family(
  'debian' => %w(build-essential libssl-dev libev-dev),
  %w(rhel fedora amazon) => %w(gcc make openssl-devel libev-devel),
  'suse' => %w(gcc make libopenssl-devel libev-devel),
  'default' => []
)
