// Node under Express. The deauthorization goes as multipart, as `request`'s `formData` in the document sends it.

import express from "express";
import { env, version } from "../program.mjs";

version("express");
const { STRIPE, CLIENT_ID, SECRET_KEY: API_KEY } = env;
const app = express().use(express.urlencoded());

app.get("/authorize", (req, res) => {
  const query = new URLSearchParams({
    response_type: "code",
    scope: "read_write",
    client_id: CLIENT_ID,
    redirect_uri: env.REDIRECT_URI,
  });
  res.redirect(`${STRIPE}/oauth/authorize?${query}`);
});

app.get("/oauth/callback", async (req, res) => {
  if (req.query.error) return res.send(req.query.error_description);
  const form = new URLSearchParams({
    grant_type: "authorization_code",
    client_id: CLIENT_ID,
    code: req.query.code,
    client_secret: API_KEY,
  });
  const answer = await fetch(`${STRIPE}/oauth/token`, { method: "POST", body: form });
  res.json(await answer.json());
});

app.post("/deauthorize", async (req, res) => {
  const formData = new FormData();
  formData.set("client_id", CLIENT_ID);
  formData.set("stripe_user_id", req.body.stripe_user_id);
  const headers = { Authorization: `Bearer ${API_KEY}` };
  const answer = await fetch(`${STRIPE}/oauth/deauthorize`, { method: "POST", body: formData, headers });
  res.json(await answer.json());
});

app.listen(env.PORT, "127.0.0.1");
