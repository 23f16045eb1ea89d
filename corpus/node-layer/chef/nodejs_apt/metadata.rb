name 'nodejs_apt'
version '0.2.0'
description 'Node.js from the NodeSource repository'
supports 'ubuntu'
