import { shop } from "../shop.js";

let connect;

async function answer({ request }) {
  connect ??= shop();
  return (await connect.fetch(request)) ?? new Response(null, { status: 404 });
}

export { answer as loader, answer as action };
