// Fastify, which reads no body where the handler is.
import Fastify from "fastify";
import { requestOf } from "./node-adapter.mjs";
import { connect } from "./platform.mjs";

const app = Fastify();
app.register(async (scope) => {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser("*", (request, body, done) => done(null, body));
  scope.all("/connect/*", async (request, reply) => (await connect.fetch(requestOf(request, request.raw))) ?? reply.callNotFound());
});
app.get("/", async () => "Shop");
await app.listen({ port: Number(process.env.PORT), host: "localhost" });
