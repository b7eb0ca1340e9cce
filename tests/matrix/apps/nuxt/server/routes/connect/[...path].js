import { shop } from "../../../shop.js";

let connect;

export default defineEventHandler(async (event) => {
  connect ??= shop();
  return (await connect.fetch(toWebRequest(event))) ?? new Response(null, { status: 404 });
});
