import { shop } from "../../../shop.js";

let connect;

export default defineEventHandler((event) => {
  connect ??= shop();
  return connect.fetch(toWebRequest(event)); // undefined, for a path that is not its own, goes on to the pages
});
