normal[:unicorn][:worker_processes] = node[:bramble_workers] || 6
normal[:unicorn][:timeout] = 45
normal[:unicorn][:preload_app] = true
