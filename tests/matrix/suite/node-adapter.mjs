// From and to Node's own requests and responses, as a person writes it who has a server with them.
import { Readable } from "node:stream";
import { origin } from "./addresses.js";

export const requestOf = ({ method, headers, originalUrl, url }, body) =>
  new Request(new URL(originalUrl ?? url, origin), { method, headers, duplex: "half", body: /GET|HEAD/.test(method) ? undefined : Readable.toWeb(body) });

export function answer(outgoing, { status, headers, body }) {
  outgoing.statusCode = status;
  for (const [name, value] of headers) outgoing.appendHeader(name, value); // There may be two cookies.
  if (body) Readable.fromWeb(body).pipe(outgoing);
  else outgoing.end();
}
