// Beside a document: the press of the button, to the handler.
import { createConnect } from "stripe-connect-oauth/edge";
import { createSandbox } from "stripe-connect-oauth/sandbox";
import { memoryStore } from "stripe-connect-oauth/stores/memory";

test("a start leads to Stripe", async () => {
  const sandbox = createSandbox({ redirect_uris: ["https://shop.example/connect/callback"] });
  const connect = createConnect({
    client_id: "ca_sandbox123",
    secret_key: sandbox.platform.secret_keys[0],
    redirect_uri: "https://shop.example/connect/callback",
    cookie_secrets: ["a cookie secret of 32 characters"],
    connect_base: "https://stripe.example",
    store: memoryStore(),
    identify: () => "ada",
    fetch: (url, init) => sandbox.fetch(new Request(url, init)),
  });
  const headers = { "sec-fetch-site": "same-origin" };
  const response = await connect.fetch(new Request("https://shop.example/connect/start", { method: "POST", headers }));
  expect(response.status).toBe(303);
  expect(response.headers.get("location")).toMatch("https://stripe.example/oauth/authorize");
});
