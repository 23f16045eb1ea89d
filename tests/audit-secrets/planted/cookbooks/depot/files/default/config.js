module.exports = {
  dbPassword: '@@js_password@@',
  stripe: { secretKey: "@@js_stripe:stripe@@" }
};
