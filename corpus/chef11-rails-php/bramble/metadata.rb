name             'bramble'
maintainer       'Bramble Market operations'
maintainer_email 'ops@bramble.example'
license          'All rights reserved'
description      'What every Bramble Market host gets on top of the built-in layers'
version          '1.14.0'

recipe 'bramble::default',    'packages, timezone, monit mail'
recipe 'bramble::memcached',  'client settings for the storefront'
recipe 'bramble::env',        'application variables for rake, cron and sidekiq'
recipe 'bramble::cron',       'scheduled tasks; only on ONE instance'

supports 'ubuntu', '>= 14.04'
depends 'deploy'
