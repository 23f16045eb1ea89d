threads 1, 5
port 3000
# token: @@puma_comment@@
activate_control_app 'tcp://127.0.0.1:9293', { auth_token: '@@puma_control@@' }
