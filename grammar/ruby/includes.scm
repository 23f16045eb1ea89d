; What a file pulls in: other recipes, other attribute files, libraries.
;
;   include_recipe 'nginx::default'
;   include_attribute 'shop'
;   require 'json'

(call
  !receiver
  method: (identifier) @include.kind
  arguments: (argument_list . (_) @include.what)
  (#any-of? @include.kind "include_recipe" "include_attribute" "require" "require_relative"))
