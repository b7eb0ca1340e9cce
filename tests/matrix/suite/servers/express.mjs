// Express, with the handler before what reads bodies.
import express from "express";
import { answer, requestOf } from "./node-adapter.mjs";
import { connect } from "./platform.mjs";

const app = express();
app.use(async (incoming, outgoing, next) => {
  const response = await connect.fetch(requestOf(incoming, incoming));
  if (response) answer(outgoing, response);
  else next();
});
app.use(express.json(), express.urlencoded());
app.get("/", (incoming, outgoing) => void outgoing.send("Shop"));
app.listen(process.env.PORT);
