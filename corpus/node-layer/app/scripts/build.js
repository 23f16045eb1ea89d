'use strict';

const fs = require('fs');

fs.mkdirSync('public', { recursive: true });
fs.writeFileSync('public/version.json', JSON.stringify({ version: require('../package.json').version }));
