'use strict';

const express = require('express');
const lockers = require('./lib/lockers');

const app = express();
app.use(express.json({ limit: process.env.BODY_LIMIT || '64kb' }));
app.use('/public', express.static('public', { maxAge: '1h' }));

app.get('/healthz', (req, res) => res.send('ok'));
app.post('/parcels', (req, res, next) => {
  lockers.assign(req.body).then((parcel) => res.status(201).json(parcel), next);
});

const server = app.listen(process.env.PORT || 3000, () => console.log('listening on %d', server.address().port));

process.on('SIGTERM', () => server.close(() => process.exit(0)));
