normal[:apache][:keepalive] = 'On'
normal[:apache][:keepalivetimeout] = 2
normal[:apache][:prefork][:maxclients] = 120
normal[:apache][:prefork][:serverlimit] = 120
