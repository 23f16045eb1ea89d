actions :create, :delete
default_action :create

attribute :path,  :kind_of => String, :name_attribute => true
attribute :vars,  :kind_of => Hash, :default => {}
attribute :extra, :kind_of => Hash, :default => {}
attribute :owner, :kind_of => String, :required => true
attribute :group, :kind_of => String, :default => 'www-data'
attribute :mode,  :kind_of => [String, Integer], :default => 0640
