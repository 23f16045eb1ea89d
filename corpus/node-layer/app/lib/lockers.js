'use strict';

const { Pool } = require('pg');

const pool = new Pool({ connectionString: process.env.DATABASE_URL, max: Number(process.env.DB_POOL || 5) });

exports.assign = async function assign({ address, size }) {
  const { rows } = await pool.query('update lockers set taken = true where id = (select id from lockers where not taken and size = $1 limit 1) returning id, code', [size]);
  return { address, locker: rows[0] };
};
