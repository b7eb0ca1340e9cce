// A bundler's cells: the page works as it builds it, and what works with the secret key is refused to a page, with words
// that say so: as it is built where the bundler takes up the condition for pages, else as the page loads.

import assert from "node:assert/strict";
import { join } from "node:path";
import { copyPage, html, openPage, openShop, pageWorks } from "./page.mjs";

const NAME = "stripe-connect-oauth";

/** How people import: the ways that bundlers tell apart. */
const IMPORTS = {
  "a named import": (entry, name) => `import { ${name} } from "${entry}";\nglobalThis.kept = ${name};\n`,
  "a namespace": (entry) => `import * as all from "${entry}";\nglobalThis.kept = all;\n`,
  "a dynamic import": (entry) => `import("${entry}").then((all) => { globalThis.kept = all; });\n`,
};

/** In a script of CommonJS, where a bundler looks up by other conditions. */
const required = (entry) => `globalThis.kept = require("${entry}");\n`;

/** The entries that work with the secret key, with a name of each. */
const SECRET = { [`${NAME}/edge`]: "createConnect", [`${NAME}/server`]: "exchangeCode" };

/** On one line, or as a terminal breaks it. */
const BUILT = /works\s+with\s+the\s+secret\s+key\s+and\s+must\s+not\s+be\s+in\s+a\s+browser,\s+import\s+it\s+in\s+server\s+code\s+only/;
const LOADED = /work with the platform's secret key and must not be in a browser: import them in server code only/;

/**
 * @typedef {object} Bundler
 * @property {Record<string, string>} dependencies
 * @property {boolean} [scripts] whether their install scripts run
 * @property {(project: object, options?: object) => Promise<{ code: number, output: string }>} build
 * @property {(project: object, port: number) => Promise<{ output(): string }>} [develop] starts its development server
 * @property {string} [folder] what is served of the project
 * @property {string} [document] where the document stands
 * @property {string} [head] what stands in its head
 * @property {string} [script] how it loads `main.js`
 * @property {string} [app] the page, or its component, in this folder
 * @property {string} [main] the script that starts it, where it does not do so itself
 * @property {boolean} [css] whether a script may import a stylesheet; else the document links it
 * @property {boolean} [esmOnly] whether it takes no CommonJS
 * @property {Record<string, string>} [files] what every user of it has, such as a configuration
 */

const SCRIPT = '<script type="module" src="/main.js"></script>';
const LINK = '<link rel="stylesheet" href="/button.css">';

/** A project with the page, and the shop that serves it. */
export async function openProject(t, { dependencies, scripts, folder = "dist", document = "index.html", script = SCRIPT, css = true, head, app = "page-app.js", main = app, files }) {
  const project = t.project({ dependencies, scripts, files: { [document]: html(script, head ?? (css ? "" : LINK)), ...files } });
  project.write({ "main.js": `${css ? `import "${NAME}/button.css";\n` : ""}import "./${main}";\n` });
  copyPage(project, app);
  if (!css) project.copy(join(project.dir, "node_modules", NAME, "button.css"), join(document, "..", "button.css"));
  const shop = await openShop(t, project);
  shop.folder = join(project.dir, folder);
  return { project, shop };
}

/**
 * The page, as the bundler builds it.
 *
 * @param {Bundler} bundler
 * @param {object} [expected]
 * @param {number} [expected.times] how often the page asks for its result
 * @param {string[]} [expected.trusted] the policies for markup that it makes, where it makes no other: it works under
 *   Trusted Types
 */
export const page = (bundler, { times, trusted } = {}) => async (t) => {
  const { project, shop } = await openProject(t, bundler);
  await bundler.build(project);
  if (trusted) shop.headers = { "content-security-policy": policyOf(shop, trusted) };
  await pageWorks(t, { ...shop, times });
};

/** A strict policy, under which no script writes markup but by these. */
export const policyOf = ({ connect_base }, trusted) =>
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; style-src 'self'; img-src 'self' data:; " +
  `form-action 'self' ${connect_base}; base-uri 'none'; require-trusted-types-for 'script'; trusted-types ${trusted.join(" ")}`;

/** The page, as the development server has it. */
export const pageInDevelopment = (bundler, { times } = {}) => async (t) => {
  const { project, shop } = await openProject(t, bundler);
  await develop(t, bundler, project, shop);
  await pageWorks(t, { ...shop, times });
};

async function develop(t, bundler, project, shop) {
  const port = await t.port();
  shop.behind = `http://localhost:${port}`;
  return bundler.develop(project, port);
}

/** Each of the entries with the secret key, imported in each way: the build fails, and prints why. */
export const refusedWhenBuilt = (bundler) => async (t) => {
  const { project } = await openProject(t, bundler);
  const refused = async (what) => {
    const { code, output } = await bundler.build(project, { fails: true });
    assert.match(output, BUILT, `${what}\n${output}`);
    assert.notEqual(code, 0, `${what}\n${output}`);
  };
  for (const [what, source] of secretImports()) {
    project.write({ "main.js": source });
    await refused(what);
  }
  if (bundler.esmOnly) return;
  project.write({ "main.js": 'import "./required.cjs";\n' });
  for (const entry of Object.keys(SECRET)) {
    project.write({ "required.cjs": required(entry) });
    await refused(`a require of ${entry}`);
  }
};

/**
 * The same in a development server whose page works so far: each time such an import comes into its script, it prints why,
 * and the page has nothing of the entry.
 */
export const refusedInDevelopment = (bundler) => async (t) => {
  const { project, shop } = await openProject(t, bundler);
  const server = await develop(t, bundler, project, shop);
  const { page } = await openPage(t);
  await page.goto(shop.origin);
  await page.locator("output", { hasText: "none" }).waitFor();
  for (const [what, source] of secretImports()) {
    const before = server.output().length;
    project.write({ "main.js": source });
    await page.goto(shop.origin);
    await until(page, () => BUILT.test(server.output().slice(before)));
    assert.match(server.output().slice(before), BUILT, what);
    await assertNotKept(page, what);
  }
};

/** The same, where the bundler says nothing: the page throws as it loads. */
export const refusedWhenLoaded = (bundler) => async (t) => {
  const { page, wrong } = await openPage(t);
  const { project, shop } = await openProject(t, bundler);
  for (const [what, source] of secretImports()) {
    project.write({ "main.js": source });
    await bundler.build(project);
    wrong.length = 0;
    await page.goto(shop.origin);
    await until(page, () => wrong.length > 0);
    assert.match(wrong.join(), LOADED, what);
    await assertNotKept(page, what);
  }
};

function* secretImports() {
  for (const [entry, name] of Object.entries(SECRET)) {
    for (const [what, source] of Object.entries(IMPORTS)) yield [`${what} of ${entry}`, source(entry, name)];
  }
}

/** Waits for it, but not for ever: what comes next says what is missing. */
export async function until(page, isSo) {
  for (const end = Date.now() + 15_000; !isSo() && Date.now() < end; ) await page.waitForTimeout(50);
}

const assertNotKept = async (page, what) => assert.equal(await page.evaluate(() => typeof globalThis.kept), "undefined", what);

/** What a worker answers that has the handler: a start, and an entry that does not refuse it. */
const WORKER = `
  import { createConnect } from "${NAME}/edge";
  import { exchangeCode } from "${NAME}/server";
  import { memoryStore } from "${NAME}/stores/memory";
  import { connect_base, origin } from "./addresses.js";

  const connect = createConnect({
    client_id: "ca_sandbox123",
    secret_key: "sk_test_123",
    redirect_uri: origin + "/connect/callback",
    cookie_secrets: ["a cookie secret of 32 characters"],
    store: memoryStore(),
    identify: () => "ada",
    connect_base,
  });

  onmessage = async () => {
    const { status } = await connect.fetch(new Request(origin + "/connect/connections"));
    postMessage([status, typeof exchangeCode]);
  };
`;

/** The handler in a worker of the browser, as a bundler for workers builds it. */
export const worker = (bundler) => async (t) => {
  const { project, shop } = await openProject(t, bundler);
  project.write({ "main.js": WORKER, [`${bundler.folder ?? "dist"}/index.html`]: html("") });
  await bundler.build(project);
  const { page, wrong } = await openPage(t);
  await page.goto(shop.origin);
  const answered = await page.evaluate(
    () =>
      new Promise((resolve, reject) => {
        const worker = new Worker("/main.js");
        worker.onmessage = ({ data }) => resolve(data);
        worker.onerror = ({ message }) => reject(new Error(message));
        worker.postMessage("");
      }),
  );
  assert.deepEqual([answered, wrong], [[200, "function"], []]);
};
