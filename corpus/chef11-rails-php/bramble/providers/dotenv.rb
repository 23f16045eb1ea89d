use_inline_resources

def whyrun_supported?
  true
end

action :create do
  all = new_resource.vars.to_hash.merge(new_resource.extra)

  file new_resource.path do
    content all.sort.map { |key, value| "#{key}=\"#{escape(value)}\"\n" }.join
    owner new_resource.owner
    group new_resource.group
    mode new_resource.mode
  end
end

action :delete do
  file new_resource.path do
    action :delete
  end
end

def escape(value)
  value.to_s.gsub(/["\\$`]/) { |char| "\\#{char}" }
end
