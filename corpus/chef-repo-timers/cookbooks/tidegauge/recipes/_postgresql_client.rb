if platform_family?('debian')
  apt_repository 'pgdg' do
    uri 'https://apt.postgresql.org/pub/repos/apt'
    distribution "#{node['lsb']['codename']}-pgdg"
    components %w(main)
    key 'https://www.postgresql.org/media/keys/ACCC4CF8.asc'
  end
end

package 'PostgreSQL client' do
  package_name value_for_platform_family(
    'debian' => "postgresql-client-#{node['tidegauge']['postgresql_version']}",
    %w(rhel fedora amazon) => 'postgresql',
    'suse' => 'postgresql'
  )
end
