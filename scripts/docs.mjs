// The crate's documentation, as docs.rs builds it: every link leads somewhere, every item of a feature says so, and
// everything that can be called is shown in an example. Exits with 1 when one is not.
//
// A method is shown by an example of its own, or by its type's. What rustdoc knows of an item is in its JSON, which a
// stable compiler writes when it is asked as its own tests ask it.
import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";

const DOCS = "target/docs/doc";
const FEATURES = /metadata\.docs\.rs\][^[]*features = \[(.*)\]/.exec(readFileSync("Cargo.toml", "utf8"))[1].replace(/[" ]/g, "");

function document(flags) {
  const RUSTDOCFLAGS = `--cfg docsrs -D warnings ${flags}`;
  const options = { stdio: "inherit", env: { ...process.env, RUSTC_BOOTSTRAP: "1", RUSTDOCFLAGS } };
  execFileSync("cargo", ["doc", "--quiet", "--no-deps", "--lib", "--target-dir", "target/docs", "--features", FEATURES], options);
}

document("");
const pages = ["edge", "sandbox", "server", "web"].flatMap((floor) =>
  readdirSync(`${DOCS}/stripe_connect_oauth/${floor}`).map((page) => `${floor}/${page}`),
);
const html = (page) => readFileSync(`${DOCS}/stripe_connect_oauth/${page}`, "utf8");
const unbadged = pages.filter((page) => page.endsWith(".html") && !html(page).includes("Available on"));

document("-Zunstable-options --output-format json"); // in place of the pages
const { index, root } = JSON.parse(readFileSync(`${DOCS}/stripe_connect_oauth.json`, "utf8"));
const kind = (item) => Object.keys(item.inner)[0];
const inner = (item) => Object.values(item.inner)[0];

/** Every public item, with its path. */
function* published(item, path = []) {
  if (kind(item) === "use") return yield* published(index[inner(item).id], [...path.slice(0, -1), inner(item).name]);
  if (kind(item) !== "module") return yield { item, path: path.join("::") };
  for (const child of inner(item).items.map((id) => index[id])) {
    if (child?.visibility === "public") yield* published(child, [...path, child.name]);
  }
}

/** The public functions of a type's own. */
const methods = (type) =>
  (inner(type).impls ?? [])
    .map((id) => inner(index[id]))
    .filter((impl) => impl.trait === null)
    .flatMap((impl) => impl.items.map((id) => index[id]))
    .filter((item) => item.visibility === "public" && kind(item) === "function");

/** The Rust code in an item's documentation. What needs a browser's page is compiled only. */
const example = ({ docs }) => [...(docs ?? "").matchAll(/^```(?:compile_fail\S*|no_run)?\n([^]*?)^```$/gm)].map(([, code]) => code).join("");

const unshown = [];
const items = [...published(index[root])];
for (const { item, path } of items) {
  if (!example(item)) unshown.push(path);
  const isShown = (method) => example(method) || new RegExp(`\\b${method.name}\\(`).test(example(item));
  unshown.push(...methods(item).filter((method) => !isShown(method)).map((method) => `${path}::${method.name}`));
}

if (unshown.length) console.error(`without an example:\n  ${unshown.join("\n  ")}`);
if (unbadged.length) console.error(`without a feature's badge:\n  ${unbadged.join("\n  ")}`);
// What was not found could not fail.
const isRead = items.length >= 100 && pages.length >= 80;
if (!isRead) console.error(`only ${items.length} items and ${pages.length} pages were found`);
process.exit(unshown.length || unbadged.length || !isRead ? 1 : 0);
