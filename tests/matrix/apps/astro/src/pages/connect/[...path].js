import { shop } from "../../shop.js";

export const prerender = false;

let connect;

export async function ALL({ request }) {
  connect ??= shop();
  return (await connect.fetch(request)) ?? new Response(null, { status: 404 });
}
