// The same by `require`.
module.exports = {
  front: require("stripe-connect-oauth"),
  complete: require("stripe-connect-oauth/complete"),
  edge: require("stripe-connect-oauth/edge"),
  language: require("stripe-connect-oauth/languages/de"),
  prefill: require("stripe-connect-oauth/prefill"),
  sandbox: require("stripe-connect-oauth/sandbox"),
  server: require("stripe-connect-oauth/server"),
  memory: require("stripe-connect-oauth/stores/memory"),
};
