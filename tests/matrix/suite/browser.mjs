// What a person does in each browser, in both styles: the steps of tests/e2e, which has every case, in Chromium alone.

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { FETCH_METADATA } from "../../e2e/support.mjs";
import { openBrowser } from "./browser-driver.mjs";
import { openWorld } from "./browser-world.mjs";
import { PLAIN, code, policy } from "./page-trusted.mjs";

/** The cells of a browser. */
export function inBrowser(engine, title) {
  const cell = (check, walk) => ({
    check,
    fixed: true,
    async run(t) {
      const [opened, { person, version }] = await Promise.all([openWorld(t), openBrowser(t, engine)]);
      await walk({ ...opened, person });
      return { version };
    },
  });
  const cells = [
    cell("edge style", edgeStyle),
    cell("page style", pageStyle),
    cell("strict CSP", strictPolicy),
    cell("Trusted Types", trustedTypes),
    cell("no Sec-Fetch-*", withoutMetadata),
  ];
  return { title, group: "Browsers", cells };
}

/** A code and a state that nobody gave. */
const FORGED = `scope=read_write&code=ac_forged&state=${"A".repeat(43)}`;
const NOT_OURS = "That link did not work";
const CONNECT = "Connect with Stripe";

async function signIn({ person, origin }) {
  await person.goto(origin);
  await person.forget();
  await person.goto(origin);
  await person.press("Sign in as Ada");
  await person.told("Payouts");
}

/** Presses a style's button; the page style's is a link to the edge style until its script is there. */
async function press({ person }, style) {
  if (style === "page") await person.finds('//a[@data-style="page"]');
  await person.press(CONNECT, `//*[@id="${style}-style"]`);
}

/** The whole flow of one style, from the payouts page back to it. */
async function connect(at, style) {
  await press(at, style);
  await agree(at);
}

/** Agrees at Stripe. */
async function agree(at) {
  await at.person.press("Connect");
  await listed(at);
}

/** The list of accounts: the flow ended well. */
async function listed({ person, origin }) {
  await person.sees("Connected");
  assert.equal(await person.url(), `${origin}/`);
}

/** The address that Stripe sent the browser back to last. */
const callback = ({ front, origin }) => origin + front.passed.findLast(({ url }) => /[?&]code=/.test(url)).url;

const tokenRequests = async ({ world }) => (await world.tokenRequests()).map(({ status }) => status);

async function edgeStyle(at) {
  const { world, person, origin } = at;
  await signIn(at);
  await press(at, "edge");
  await person.finds('//button[normalize-space()="Cancel"]');
  await person.goto(`${origin}/connect/callback?${FORGED}`);
  await person.told(NOT_OURS);
  await world.assertUntouched();
  await person.back();
  await agree(at);
  await backAndTwice(at, "edge");
  await cancelAndConnect(at, "edge");

  await person.press("Disconnect");
  await person.told("Do you want to disconnect Stripe?");
  await person.press("Disconnect");
  await person.sees("No longer connected");
  assert.equal((await world.connections()).filter(({ disconnected_at }) => disconnected_at).length, 1);
}

async function pageStyle(at) {
  const { world, person, origin } = at;
  await signIn(at);
  await person.goto(`${origin}/return?${FORGED}`);
  await person.told(NOT_OURS);
  assert.equal(await person.url(), `${origin}/return`);
  await world.assertUntouched();
  await person.goto(origin);
  await connect(at, "page");
  await backAndTwice(at, "page");
  await cancelAndConnect(at, "page");
}

/** Once connected: agreeing at Stripe again, and the callback again, spend no second code; and another flow is free. */
async function backAndTwice(at, style) {
  const { world, person } = at;
  await person.back();
  await agree(at);
  await person.goto(callback(at));
  await listed(at);
  await person.reload();
  await listed(at);
  assert.deepEqual(await tokenRequests(at), [200]);
  await world.assertConnections(["ada"]);

  // The payouts page may be the one that the browser kept.
  await press(at, style);
  await person.finds('//button[normalize-space()="Cancel"]');
  await person.back();
  await connect(at, style);
  assert.deepEqual(await tokenRequests(at), [200, 200]);
}

/** Who cancels is told so at a clean address, where the button leads on. */
async function cancelAndConnect(at, style) {
  const { person } = at;
  const before = (await tokenRequests(at)).length;
  await press(at, style);
  await person.press("Cancel");
  await person.told("You cancelled");
  assert.equal(new URL(await person.url()).search, "");
  await person.reload();
  await person.told(style === "edge" ? "You cancelled" : "There is nothing to finish");
  assert.equal((await tokenRequests(at)).length, before);
  await person.press(CONNECT);
  await agree(at);
}

/** As strict as a page with the button can have it. */
const strict = (stripe, script) =>
  `default-src 'none'; script-src ${script}; style-src 'self'; img-src data: 'self'; connect-src 'self'; ` +
  `form-action 'self' ${stripe}; base-uri 'none'; frame-ancestors 'none'`;

async function strictPolicy(at) {
  const { world, front, person, origin, stripe } = at;
  front.demand(strict(stripe, "'self'"));
  await signIn(at);
  await connect(at, "edge");
  front.demand(strict(stripe, "'self' 'wasm-unsafe-eval'"));
  await person.goto(origin);
  await connect(at, "page");
  assert.deepEqual(front.reports, []);

  // Where WebAssembly is forbidden, the page style's link takes the edge style.
  await press(at, "page");
  front.demand(strict(stripe, "'self'"));
  await person.press("Connect");
  await person.told("We could not connect your account");
  assert.equal(await person.url(), `${origin}/return`);
  assert.deepEqual(await tokenRequests(at), [200, 200]);
  await person.press(CONNECT);
  await agree(at);
  // WebKit tells of nothing here.
  for (const report of front.reports) assert.equal(report["blocked-uri"], "wasm-eval");

  await openShop(at, FINISHES, `?${FORGED}`);
  await person.sees("wasm_unavailable", "//output");
  assert.equal(await person.url(), `${origin}/shop`);
  await world.until(() => front.reports.some((report) => report["blocked-uri"] === "inline"));
}

/** A page of the platform's own with this script; its other one, in the page itself, a policy for scripts is against. */
async function openShop({ front, person, origin }, contents, query = "") {
  const stdin = { contents, resolveDir: fileURLToPath(new URL(".", import.meta.url)) };
  const { outputFiles } = await build({ stdin, bundle: true, format: "esm", write: false });
  const body = '<div id="connect"></div><output></output><script>1</script><script type="module" src="/shop.js"></script>';
  front.pages = {
    "/shop": { type: "text/html", text: `<!doctype html><title>Shop</title>${body}` },
    "/shop.js": { type: "text/javascript", text: outputFiles[0].text },
  };
  await person.goto(`${origin}/shop${query}`);
}

/** Says what was thrown. */
const FINISHES = `
  import { finishConnect } from "stripe-connect-oauth";

  try {
    finishConnect();
  } catch (error) {
    document.querySelector("output").textContent = error.code;
  }
`;

async function trustedTypes(at) {
  const { world, front, person, stripe } = at;
  front.demand("require-trusted-types-for 'script'; trusted-types 'none'");
  await signIn(at);
  await connect(at, "edge");
  await connect(at, "page");
  assert.deepEqual(front.reports, []);

  // Where a page's script writes the button: as docs/trusted-types.md has it, and as no page can.
  front.demand(policy.replace("https://*.stripe.com", stripe));
  await openShop(at, code.replace("?return_to=/payouts", ""));
  await person.press(CONNECT);
  await agree(at);
  const refused = () => front.reports.filter((report) => report["effective-directive"] === "require-trusted-types-for").length;
  assert.equal(refused(), 0);
  await openShop(at, PLAIN);
  await world.until(() => refused() === 1);
}

async function withoutMetadata(at) {
  const { world, front, person } = at;
  // A browser of before 2023, which tells the origin of a form and the referrer of a link.
  front.without = FETCH_METADATA;
  await signIn(at);
  await connect(at, "edge");
  await connect(at, "page");

  front.without = [...FETCH_METADATA, "origin", "referer"];
  await press(at, "edge");
  await person.told("Do you want to connect Stripe?");
  await person.press(CONNECT);
  await agree(at);
  await connect(at, "page");
  await person.press("Disconnect");
  await person.told("Do you want to disconnect Stripe?");
  await person.press("Disconnect");
  await person.sees("No longer connected");
  await world.assertConnections(["ada", "ada", "ada", "ada"]);
  const passed = front.passed.flatMap(({ names }) => names);
  assert.deepEqual(FETCH_METADATA.filter((name) => passed.includes(name)), []);
}
