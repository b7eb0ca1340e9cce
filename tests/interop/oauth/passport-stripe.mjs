// passport-stripe under Express: a small site whose users connect their accounts.

import express from "express";
import passport from "passport";
import { Strategy } from "passport-stripe";
import { env, version } from "../program.mjs";

version("passport-stripe", "passport");
const strategy = new Strategy(
  {
    clientID: env.CLIENT_ID,
    clientSecret: env.SECRET_KEY,
    callbackURL: env.REDIRECT_URI,
    authorizationURL: `${env.STRIPE}/oauth/authorize`,
    tokenURL: `${env.STRIPE}/oauth/token`,
  },
  (access_token, refresh_token, stripe, done) => done(null, { access_token, refresh_token, ...stripe }),
);
passport.use(strategy);

const site = express();
site.get("/authorize", passport.authenticate("stripe", { scope: "read_write", session: false }));
site.get("/oauth/callback", passport.authenticate("stripe", { session: false }), (request, response) => {
  response.json(request.user);
});
site.use((error, request, response, next) => {
  response.status(502).send(error.oauthError?.data ?? error.message);
});
site.listen(env.PORT, "127.0.0.1");
