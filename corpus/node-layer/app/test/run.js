'use strict';

require('assert').strictEqual(typeof require('../lib/lockers').assign, 'function');
