; Declarations of resources: a call without receiver with a name and, most often, a block of properties.
;
;   package 'git'
;   template '/etc/nginx/nginx.conf' do … end
;   %w(curl jq).each { |name| package name }
;
; What is a resource and what is another call is decided by the table of types and by the cookbooks' own, not by the syntax.

(call
  !receiver
  method: (identifier) @resource.type
  arguments: (argument_list . (_) @resource.name)
  block: [
    (do_block)
    (block)
  ]? @resource.body
  (#not-match? @resource.type "^(include_recipe|include_attribute|require|require_relative|raise|puts|return|attr_reader|attr_accessor)$"))
