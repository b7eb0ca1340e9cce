// Express, with the handler before what reads bodies.
import { serves } from "../suite/server.mjs";

/** @type {import("../tables.mjs").Host} */
export default {
  title: "Express",
  group: "Servers",
  cells: [
    serves({
      check: "edge style",
      framework: "express",
      dependencies: { express: "5.3.0" },
      setting: "the handler before `express.json()` and `express.urlencoded()`, which read its bodies",
      source: `
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
        app.listen(process.env.PORT);`,
    }),
  ],
};
