import { shop } from "$lib/shop.js";

let connect;

export async function fallback({ request }) {
  connect ??= shop();
  return (await connect.fetch(request)) ?? new Response(null, { status: 404 });
}
