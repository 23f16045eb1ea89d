#== attributes/default.rb
default['ulimit']['users'] = {}
default['ulimit']['pam_su_template_cookbook'] = nil
#== recipes/default.rb
