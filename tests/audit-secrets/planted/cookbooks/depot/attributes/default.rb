node.set['depot']['port'] = 8080
default['depot']['db']['password'] = '@@attr_default@@'
normal['depot']['cache']['auth_token'] = "@@attr_normal:human@@"
override['depot']['queue']['secret_key'] = '@@attr_override:letters@@'
set['depot']['old']['passwd'] = '@@attr_set@@'
default[:depot][:sym][:api_key] = '@@attr_symbol:uuid@@'
default.depot.dotted.password = '@@attr_dotted@@'
default['depot']['users'] = {
  'name' => 'depot',
  'password' => '@@attr_hash@@',
  :secret => '@@attr_hash_symbol@@',
  token: '@@attr_hash_label:hex32@@'
}
default['depot']['smtp'].merge!('smtp_password' => '@@attr_merge@@')
default['depot']['db']['password'] ||= '@@attr_or@@'
default['depot']['fallback_password'] = ENV['DEPOT_PASSWORD'] || '@@attr_env_or@@'
default['depot']['fetch_password'] = ENV.fetch('DEPOT_PASSWORD', '@@attr_env_fetch@@')
default['depot']['choice_password'] = node.chef_environment == 'production' ? '@@attr_ternary@@' : nil
default_unless['depot']['unless_password'] = '@@attr_unless@@'
default['depot']['passwords'] = ['@@attr_list_one@@', '@@attr_list_two@@']
default['depot']['words_tokens'] = %w(@@attr_words_one@@ @@attr_words_two@@)
default['depot']['secrets'] = { 'github' => '@@attr_under@@' }
node.default['depot']['frozen_password'] = '@@attr_frozen@@'.freeze
default['depot']['joined_password'] = '@@attr_joined:human@@' + '!'
default['depot']['pin_password'] = 48213377
default['depot']['aws_access_key_id'] = '@@attr_akid:akid@@'
default['depot']['aws_secret_access_key'] = '@@attr_aws40:aws40@@'
default['depot']['stripe']['publishable'] = 'pk_live_shown'
default['depot']['stripe']['live'] = '@@attr_stripe:stripe@@'
default['depot']['ssl_key'] = "@@attr_pem_line:pem_line@@"
default['depot']['heredoc_key'] = <<-KEY
@@attr_pem:pem@@
KEY
# the old password was @@comment_password:human@@, do not use it
# default['depot']['db']['password'] = '@@comment_code@@'
default['depot']['last'] = 'plain'
