name 'heliograph'
maintainer 'The Heliograph cookbook authors'
maintainer_email 'cookbooks@heliograph.example'
license 'Apache-2.0'
description 'Installs and runs the Heliograph message relay'
long_description 'See README.md'
version '2.3.1'
chef_version '>= 12.14' if respond_to?(:chef_version)
source_url 'https://git.heliograph.example/cookbooks/heliograph' if respond_to?(:source_url)
issues_url 'https://git.heliograph.example/cookbooks/heliograph/issues' if respond_to?(:issues_url)

supports 'ubuntu', '>= 14.04'
supports 'debian', '>= 9.0'
%w(redhat centos rocky amazon suse opensuseleap).each { |os| supports os }
