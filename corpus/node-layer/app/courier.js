'use strict';

// Takes messages off the queue and hands them to the carriers.
const redis = require('redis').createClient(process.env.REDIS_URL);
const carriers = require(process.env.CARRIERS_FILE || './carriers.json');

let stopping = false;
process.on('SIGTERM', () => { stopping = true; });

function next() {
  if (stopping) return redis.quit();
  redis.brpop('messages', 5, (err, item) => {
    if (err) { console.error(err); process.exit(1); }
    if (item) {
      const message = JSON.parse(item[1]);
      console.log(JSON.stringify({ carrier: carriers[message.carrier], to: message.to }));
    }
    next();
  });
}

next();
