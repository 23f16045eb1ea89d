; Attributes: where they are set, and where they are read.
;
;   default['shop']['port'] = 3000        override[:shop][:port] = 3000
;   node.default['shop']['port'] = 3000   node['shop']['port']

; default['shop'] = …, node['shop'] = …, and every longer path (the innermost reference names the level).
(assignment
  left: (element_reference) @attribute.set
  right: (_) @attribute.value)

; default['shop'] ||= …, node['packages'] += …
(operator_assignment
  left: (element_reference) @attribute.changed
  right: (_) @attribute.value)

; The first step of a path, with its level.
(element_reference
  object: [
    (identifier) @attribute.level
    (call receiver: (identifier) @attribute.node method: (identifier) @attribute.level)
  ]
  .
  (_) @attribute.key
  (#match? @attribute.level "^(node|default|normal|override|automatic|set|force_default|force_override|role_default|env_default)$"))
