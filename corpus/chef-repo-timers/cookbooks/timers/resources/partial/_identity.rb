# Who runs it, and with what: shared by every resource that ends in a unit.
property :user, String, default: 'root'
property :group, String, default: lazy { user }
property :working_directory, String
property :environment, Hash,
         default: {},
         coerce: proc { |env| env.to_h { |key, value| [key.to_s, value.to_s] } }
