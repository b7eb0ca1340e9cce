// The floors of the house, and the files on each: arrows run one way.

import { test } from "node:test";
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";

const SOURCE = new URL("../../src/", import.meta.url).pathname;

/** The floors from the ground up. A file may use those under its own, and nobody else's of the same height. */
const HEIGHTS = { vocabulary: 0, texts: 1, front: 2, server: 3, web: 3, edge: 4, sandbox: 4, js: 5 };

/** Each file on a floor, and its code. A `mod.rs` only gathers the files beside it. */
const CODE = Object.fromEntries(
  readdirSync(SOURCE, { recursive: true })
    .filter((file) => file.endsWith(".rs") && file.includes("/") && !file.endsWith("mod.rs"))
    .map((file) => [file, readFileSync(SOURCE + file, "utf8").replace(/^\s*\/\/.*$/gm, "")]),
);

/** The files that `file` names. */
function used(file) {
  const folder = file.slice(0, file.lastIndexOf("/") + 1);
  const parent = folder.replace(/[^/]+\/$/, "");
  const paths = (pattern) => [...CODE[file].matchAll(pattern)].map(([, path]) => path.replace("::", "/"));
  const named = [
    ...paths(/\bsuper::super::(\w+)/g).map((name) => parent + name),
    ...paths(/(?<!super::)\bsuper::(\w+)/g).map((name) => folder + name),
    ...paths(/\bcrate::(\w+::\w+)/g),
  ];
  return named.map((name) => `${name}.rs`).filter((name) => name in CODE && name !== file);
}

/** A way from a file back to itself, if there is one. */
function circle(file, way = [], seen = new Set()) {
  if (way.includes(file)) return [...way.slice(way.indexOf(file)), file].join(" → ");
  if (seen.has(file)) return undefined;
  seen.add(file);
  return used(file).map((next) => circle(next, [...way, file], seen)).find(Boolean);
}

test("no file uses itself by way of others", () => {
  const seen = new Set();
  const circles = Object.keys(CODE).map((file) => circle(file, [], seen)).filter(Boolean);
  assert.deepEqual(circles, []);
});

test("no floor uses one above it or beside it", () => {
  const upwards = Object.entries(CODE).flatMap(([file, code]) => {
    const [floor] = file.split("/");
    const named = new Set([...code.matchAll(/\bcrate::(\w+)/g)].map(([, name]) => name));
    const isUpwards = (name) => name in HEIGHTS && name !== floor && HEIGHTS[name] >= HEIGHTS[floor];
    return [...named].filter(isUpwards).map((name) => `${file} → ${name}`);
  });
  assert.deepEqual(upwards, []);
});
