#== attributes/default.rb
default['xml']['packages'] = platform_family?('debian') ? %w(libxml2-dev libxslt1-dev) : %w(libxml2-devel libxslt-devel)
#== recipes/default.rb
node['xml']['packages'].each { |name| package name }
#== recipes/ruby.rb
include_recipe 'xml::default'
