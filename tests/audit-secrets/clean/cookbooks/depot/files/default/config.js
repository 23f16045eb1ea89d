module.exports = {
  password: process.env.DB_PASSWORD,
  token: getToken('depot'),
  secretKey: config.secretKey,
  passwordLabel: 'Your password'
};
