#== resources/alias.rb
property :alias_name, String, name_property: true
property :command, [String, nil]
default_action :add
action :add do
  given = new_resource
  file("/etc/profile.d/#{given.alias_name}.sh") { content "alias #{given.alias_name}='#{given.command}'\n" }
end
action :remove do
end
#== resources/environment.rb
property :name, String, name_property: true
property :value, [String, nil]
property :filename, [String, nil]
default_action :add
action :add do
  given = new_resource
  file("/etc/profile.d/#{given.filename || given.name}.sh") { content "export #{given.name}=\"#{given.value}\"\n" }
end
action :remove do
end
