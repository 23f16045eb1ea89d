'use strict';

// Run by cron: frees lockers whose parcel was never fetched.
const { Client } = require('pg');

const client = new Client({ connectionString: process.env.DATABASE_URL });
client.connect()
  .then(() => client.query("update lockers set taken = false where taken_at < now() - $1::interval", [process.argv[2] || '7 days']))
  .then((result) => console.log('%d freed', result.rowCount))
  .then(() => client.end());
