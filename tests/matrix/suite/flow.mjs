// The edge style over HTTP, against a platform that runs: what a browser sends and gets, without one.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** A platform for the project to serve (platform.mjs). */
export const PLATFORM = fileURLToPath(new URL("platform.mjs", import.meta.url));

/**
 * Chooses where the project's platform is to be, starts a stand-in for Stripe beside it, and writes both addresses into
 * the project's `addresses.js`.
 *
 * @param {import("../tools.mjs").Tools} t
 * @param {{ dir: string, write(files: object): void }} project
 * @param {{ prefix?: string, at?: string, pages?: string[] }} [place] `at`: the file with the addresses; `pages`: where
 *   Stripe may lead back to besides the handler's callback
 */
export async function openStripe(t, project, { prefix = "/connect", at = "addresses.js", pages = [] } = {}) {
  const require = createRequire(join(project.dir, "package.json"));
  const { createSandbox } = require("stripe-connect-oauth/sandbox");
  const { serveSandbox } = require("stripe-connect-oauth/sandbox/node");
  const port = await t.port();
  const origin = `http://localhost:${port}`;
  const { origin: connect_base, close } = await serveSandbox(createSandbox({ redirect_uris: [`${prefix}/callback`, ...pages].map((path) => origin + path) }));
  t.after(close);
  project.write({ [at]: `export const origin = "${origin}";\nexport const connect_base = "${connect_base}";\n` });
  return { origin, connect_base, port, prefix };
}

/**
 * Connects an account. The platform has a page of its own at `/`, with the word Shop on it.
 *
 * @param {{ origin: string, connect_base: string, prefix?: string }} place
 */
export async function flow({ origin, connect_base, prefix = "/connect" }) {
  const jar = new Map();
  const request = async (path, init = {}) => {
    const headers = { ...init.headers, cookie: [...jar].map((pair) => pair.join("=")).join("; ") };
    const response = await fetch(new URL(path, origin), { redirect: "manual", ...init, headers });
    for (const set of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(set);
      jar.set(name, value);
      if (/max-age=0/i.test(set)) jar.delete(name);
    }
    return response;
  };
  const form = (body) => ({ method: "POST", body, headers: { origin, "sec-fetch-site": "same-origin", "content-type": "application/x-www-form-urlencoded" } });
  const leadsTo = async (response, to) =>
    assert.equal(`${response.status} ${response.headers.get("location")}`, `303 ${to}`, response.status === 303 ? undefined : await response.text());

  const own = await request("/");
  assert.match(await own.text(), /Shop/, "the platform's own page is at /");

  const forged = await request(`${prefix}/callback?code=ac_1&state=${"A".repeat(43)}`);
  await leadsTo(forged, `${prefix}/result/not_started`);

  const started = await request(`${prefix}/start`, form(""));
  const asked = started.headers.get("location") ?? "";
  assert.ok(started.status === 303 && asked.startsWith(`${connect_base}/`), `${started.status} ${asked} ${await started.text()}`);
  assert.equal([...jar.keys()].filter((name) => name.startsWith("__Host-stripe-connect")).length, 1);

  const agreed = await fetch(asked, { ...form("decision=connect&account=new"), headers: { "content-type": "application/x-www-form-urlencoded" }, redirect: "manual" });
  await leadsTo(await request(agreed.headers.get("location")), `${prefix}/result/connected`);

  const result = await request(`${prefix}/result/connected`);
  assert.equal(result.status, 200);
  assert.match(result.headers.get("content-type"), /^text\/html/);

  const listed = await request(`${prefix}/connections`);
  const { connections } = await listed.json();
  assert.equal(connections.length, 1, "the store keeps the connection");
  assert.match(connections[0].account_id, /^acct_/);

  const gone = await request(`${prefix}/disconnect`, form(`account=${connections[0].account_id}`));
  assert.ok(gone.status < 400, `a form with a body: ${gone.status} ${await gone.text()}`);
}
