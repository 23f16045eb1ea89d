name 'redis_local'
description 'A Redis beside the collector'
version '1.0.3'
chef_version '>= 16.0'
