// CONFORMANCE.md names a test for each clause of the protocol. Each of them is there, and a word of the protocol
// that the code knows has its row: a new field, error or event without one fails here.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";

const root = new URL("../../", import.meta.url);
const sources = new Map();

/** A file's text, by its path from the root. */
function read(path) {
  if (!sources.has(path)) sources.set(path, readFileSync(new URL(path, root), "utf8"));
  return sources.get(path);
}

// The document: sections with tables. The columns named here hold tests; the others are text.

const OF_TESTS = ["accepted", "refused", "tests"];
/** Stands where there can be no test: what is only ever accepted, or only ever refused. */
const NEVER = "*never*";

/** A table's row as its cells. `\|` is a character, not a border. */
const cells = (line) => line.slice(1, -1).split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll("\\|", "|"));

/** Every row, as an object by its table's head, with the section it stands in. */
function rows(markdown) {
  const found = [];
  let section, head;
  for (const line of markdown.split("\n")) {
    if (line.startsWith("## ")) section = line.slice(3);
    if (!line.startsWith("|")) head = undefined;
    else if (!head) head = cells(line);
    else if (!line.startsWith("| ---")) {
      assert.equal(cells(line).length, head.length, `the cells of ${line}`);
      found.push({ section, clause: cells(line)[0], by: Object.fromEntries(cells(line).map((cell, at) => [head[at], cell])) });
    }
  }
  return found;
}

const spans = (text) => [...text.matchAll(/`([^`]+)`/g)].map(([, span]) => span);
const parts = (reference) => reference.split(" › ");

const conformance = rows(read("CONFORMANCE.md"));

/** The cells that hold tests, with what a reader needs to find them. */
const proofs = conformance.flatMap(({ section, clause, by }) =>
  OF_TESTS.filter((column) => column in by).map((column) => ({ where: `${section}, ${clause}, ${column}`, cell: by[column] })),
);
const references = [...new Set(proofs.flatMap(({ cell }) => spans(cell)))].map(parts);

// What a reference names.

/** A Rust test's text: up to the brace in the column of its `fn`. */
function rustBody(source, name) {
  const attributes = "#\\[(?:wasm_bindgen_)?test\\]\\n(?: *(?:#\\[.*\\]|//.*)\\n)*";
  return new RegExp(`${attributes}( *)fn ${name}\\([^]*?\\n\\1\\}`).exec(source)?.[0];
}

/** The tables a function is driven by: the constants it names, in its own file or in the tests' shared ones. */
function rustTables(source, body) {
  const shared = read("tests/support/bypasses.rs");
  const names = new Set(body.match(/\b[A-Z][A-Z0-9_]{2,}\b/g));
  const table = (name) => new RegExp(`^(?:pub\\(crate\\) )?const ${name}: [^]*?;\\n`, "m");
  return [...names].flatMap((name) => [source, shared].flatMap((text) => table(name).exec(text)?.[0] ?? []));
}

/** A JavaScript file's text with those it imports from beside it, where its tables may stand. */
function withImports(path) {
  const imported = [...read(path).matchAll(/ from "(\.\/[\w-]+\.mjs)"/g)];
  return [read(path), ...imported.map(([, name]) => read(path.replace(/[^/]+$/, name.slice(2))))].join("\n");
}

/** The text that proves something under this name, or undefined when there is no such test. */
function named(path, name) {
  if (!existsSync(new URL(path, root))) return undefined;
  const source = read(path);
  if (path.endsWith(".rs")) {
    const body = rustBody(source, name);
    if (body) return [body, ...rustTables(source, body)].join("\n");
    // A type's example that must not compile.
    return new RegExp(`/// \`\`\`compile_fail[^]*?\\npub struct ${name}\\b`).exec(source)?.[0];
  }
  // In the types' own test a mistake is named by what says that it must not compile.
  if (path.endsWith(".ts")) return source.includes(`// @ts-expect-error ${name}\n`) ? source : undefined;
  const isTitle = [`("${name}"`, `["${name}",`, `check: "${name}"`, `check: \`${name}\``, `(\`${name}\``, `  "${name}",\n`, `  \`${name}\`,\n`].some((title) => source.includes(title));
  return isTitle ? withImports(path) : undefined;
}

/** The comment above a test, and its name. */
function introduced(path, name) {
  const [before] = read(path).split(path.endsWith(".rs") ? `fn ${name}(` : name);
  return before.split("\n\n").at(-1) + name;
}

test("every row names a test in each of its columns, or says why there is none", () => {
  assert.ok(conformance.length >= 250, `${conformance.length} rows`);
  const empty = proofs.filter(({ cell }) => cell !== NEVER && spans(cell).length === 0);
  assert.deepEqual(empty.map(({ where }) => where), []);
  const without = conformance.filter(({ by }) => OF_TESTS.every((column) => !(column in by) || by[column] === NEVER));
  assert.deepEqual(without.map(({ clause }) => clause), []);
});

test("every test that is named is there, and so is what it is said to hold", () => {
  const missing = references.filter(([path, name, text]) => {
    const found = name && named(path, name);
    return !found || (text !== undefined && !found.includes(text));
  });
  assert.deepEqual(missing.map((reference) => reference.join(" › ")), []);
});

// What must have a row. Each list is read from the code, so that what is added there is asked for here.

const all = (path, pattern) => [...read(path).matchAll(pattern)].map(([, word]) => word);

/** The text from `start` to the next `end`. */
function between(path, start, end) {
  const from = read(path).indexOf(start);
  assert.ok(from >= 0, `${path} has no ${start}`);
  return read(path).slice(from, read(path).indexOf(end, from));
}

const quoted = (text) => [...text.matchAll(/"([\w.]+)"/g)].map(([, word]) => word);
const fields = (name) => [...between("pkg/entries/front.d.ts", `interface ${name}`, "\n}").matchAll(/^  (\w+)\??:/gm)].map(([, field]) => field);
const union = (path, name, field) => quoted(new RegExp(`\\n  ${field}\\??:([^;]*);`).exec(between(path, `interface ${name} `, "\n}"))[1]);

/** The words of a Rust enum that is made of its table (src/vocabulary/words.rs). */
const words = (path, name) => quoted(between(path, `enum ${name}`, "\n    }\n}").replaceAll(/^ *\/\/.*/gm, ""));

/** The arms of a Rust `match` that give the words of an enum. */
const arms = (path, name) => all(path, new RegExp(`${name}::\\w+(?: \\{ \\.\\. \\}|\\(_\\))? => "([\\w.]+)",`, "g"));

const prefill = between("src/front/prefill.rs", "\nfields! {", "\n}");
const [current, retired] = prefill.split(/;\n/).map((text) => [...text.matchAll(/"(\w+)"/g)].map(([, name]) => name));

/** The words that a section's rows are about. */
const known = (section) =>
  new Set(
    conformance
      .filter((row) => row.section === section)
      .flatMap(({ clause, by }) => [clause, by.status, by["our word"]].flatMap((cell) => spans(cell ?? ""))),
  );

/** The words that its rules speak of. */
const toldOf = (section) => new Set(conformance.filter((row) => row.section === section).flatMap(({ by }) => spans(by.rule ?? "")));

const WORDS = {
  "Parameters of the authorize URL": [
    ...["AnyParams", "StandardParams", "ExpressParams", "UrlOptions"].flatMap(fields),
    "state", "assert_capabilities", "code_challenge",
  ],
  "Prefill": [...current, ...retired].map((name) => `stripe_user[${name}]`),
  "The redirect back": words("src/vocabulary/rejection.rs", "Rejection"),
  "Errors that never come back": [
    "access_denied", "invalid_scope", "invalid_redirect_uri", "invalid_request", "unsupported_response_type",
  ],
  "The token endpoint": [
    "grant_type", "code", "refresh_token", "scope", "assert_capabilities", "client_secret",
    "stripe_user_id", "livemode", "access_token", "stripe_publishable_key", "token_type", "capabilities",
    ...union("pkg/entries/server.d.ts", "ExchangeError", "code"),
  ],
  "Errors of the token endpoint": words("src/server/token_problem.rs", "TokenProblem"),
  "Deauthorize": ["client_id", "stripe_user_id", "invalid_client", "invalid_request", "no_deauth_on_controlled_account"],
  "Webhook signatures": union("pkg/entries/server.d.ts", "WebhookError", "code"),
  "Events": [...arms("src/server/event.rs", "EventKind"), "v2.core.event", "id", "object", "account", "created", "livemode", "type", "data"],
  "Accounts": [
    "charges_enabled", "payouts_enabled", "details_submitted", "requirements",
    ...words("src/server/disabled_reason.rs", "DisabledReason"),
    ...words("src/vocabulary/account_status.rs", "AccountStatus"),
    "account_invalid", "platform_api_key_expired", "platform_account_required", "more_permissions_required_for_application",
  ],
};

for (const [section, words] of Object.entries(WORDS)) {
  test(`each word has its row: ${section}`, () => {
    assert.ok(words.length >= 5, `${words.length} words were found`);
    assert.deepEqual(words.filter((word) => !known(section).has(word)), []);
  });
}

test("each word of the server's errors has its row", () => {
  const anywhere = new Set(conformance.flatMap(({ section }) => [...known(section)]));
  assert.deepEqual(union("pkg/entries/server.d.ts", "StripeError", "code").filter((word) => !anywhere.has(word)), []);
});

test("the rules speak of each value that a parameter may have", () => {
  const values = {
    "Parameters of the authorize URL": [...all("src/vocabulary/capability.rs", /= "(\w+)"/g), ...all("src/vocabulary/flow.rs", /= "(\w+)"/g), ...all("src/front/authorize.rs", /[A-Z]\w+ = "(\w+)"/g)],
    "The token endpoint": words("src/server/token.rs", "TokenScope"),
  };
  for (const [section, words] of Object.entries(values)) {
    assert.ok(words.length >= 4, `${words.length} words were found`);
    assert.deepEqual(words.filter((word) => !toldOf(section).has(word)), []);
  }
});

test("the lists are read from the code: they hold what they must", () => {
  assert.ok(current.length >= 27 && retired.length >= 4, `${current.length} fields and ${retired.length} retired`);
  assert.ok(WORDS["Errors of the token endpoint"].length >= 17);
  assert.ok(WORDS["Events"].filter((word) => word.startsWith("account.")).length >= 3);
  assert.ok(words("src/server/disabled_reason.rs", "DisabledReason").length >= 15);
});

// The RFCs, and the attacks.

const CLAUSES = {
  "RFC 6749": [
    "§2.3.1", "§3.1", "§3.1.1", "§3.1.2", "§3.1.2.1", "§3.1.2.2", "§3.1.2.3", "§3.1.2.5", "§3.2", "§3.2.1", "§3.3", "§4.1.1", "§4.1.2",
    "§4.1.2.1", "§4.1.3", "§4.1.4", "§5.1", "§5.2", "§6", "§7.1", "§10.3", "§10.4", "§10.5", "§10.6", "§10.8", "§10.9", "§10.10", "§10.12",
    "§10.13", "§10.14", "§10.15", "Appendix B",
  ],
  "RFC 9700 (BCP 240)": [
    "§2.1", "§2.1.1", "§2.1.2", "§2.3", "§2.6", "§4.1", "§4.2", "§4.3", "§4.4", "§4.5", "§4.6", "§4.7", "§4.8", "§4.10", "§4.11", "§4.12",
    "§4.14", "§4.16", "§4.17",
  ],
  "RFC 9207, and the update of RFC 9700": ["RFC 9207 §2.4"],
};

for (const [section, clauses] of Object.entries(CLAUSES)) {
  test(`each clause that applies has its row: ${section}`, () => {
    const there = conformance.filter((row) => row.section === section).map((row) => row.clause);
    assert.deepEqual(clauses.filter((clause) => !there.some((text) => text === clause || text.startsWith(`${clause},`))), []);
  });
}

test("each of the eighteen attacks has a row, with a test that names it", () => {
  const attacks = conformance.filter(({ section }) => section === "Attacks");
  assert.deepEqual(attacks.map(({ clause }) => clause), Array.from({ length: 18 }, (_, at) => String(at + 1)));
  for (const { clause, by } of attacks) {
    const isNamed = new RegExp(`[Aa]ttacks?[ _](?:\\d+(?:_and_|, | and ))*${clause}\\b(?!\\d)|attack_(?:\\d+_and_)*${clause}_`);
    const names = spans(by.tests).map(parts).filter(([path, name]) => isNamed.test(introduced(path, name)));
    assert.ok(names.length > 0, `no test names attack ${clause}`);
  }
});
