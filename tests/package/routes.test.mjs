// The table of the handler's routes (src/edge/routes.rs), against what tells of them.

import { test } from "node:test";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

const read = (file) => readFileSync(new URL(`../../${file}`, import.meta.url), "utf8");
const ROUTES = [...read("src/edge/routes.rs").matchAll(/\bpath: "(\w+)",\s+allow/g)].map(([, path]) => path);
const missing = (text) => ROUTES.filter((path) => !new RegExp(`/${path}\\b`).test(text));

test("every route is told of in docs/handler.md", () => {
  assert.ok(ROUTES.includes("callback") && ROUTES.includes("webhook"), ROUTES.join());
  assert.deepEqual(missing(read("docs/handler.md")), []);
});

test("every route is asked with every method, signed in and not, for what must hold of every answer", () => {
  const [asked] = /fn attack_11_and_17_every_response_is_private[\s\S]*?\n}\n/.exec(read("tests/handler/links.rs"));
  assert.deepEqual(missing(asked), []);
});
