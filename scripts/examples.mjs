// Which public items of the crate have no example. Reads rustdoc's JSON: node scripts/examples.mjs FILE.
import { readFileSync } from "node:fs";

const { index, root } = JSON.parse(readFileSync(process.argv[2], "utf8"));
const item = (id) => index[id];
const [kind, inner] = [(one) => Object.keys(one.inner)[0], (one) => Object.values(one.inner)[0]];

/** Every public item that can be named, with the path to it. */
function* reachable(id, path) {
  const one = item(id);
  if (!one) return;
  if (kind(one) === "use") return yield* reachable(inner(one).id, [...path.slice(0, -1), inner(one).name]);
  if (kind(one) !== "module") return yield { one, path };
  for (const child of inner(one).items) {
    const named = item(child);
    if (named?.visibility === "public") yield* reachable(child, [...path, named.name]);
  }
}

/** What may be called on a type: the public functions of its own impls. */
const methods = (one) =>
  (inner(one).impls ?? [])
    .map((id) => inner(item(id)))
    .filter(({ trait }) => trait === null)
    .flatMap(({ items }) => items.map(item))
    .filter(({ visibility, inner }) => visibility === "public" && "function" in inner);

const example = (one) => [...(one.docs ?? "").matchAll(/```(?!text|js|sh)\S*\n([^]*?)```/g)].map(([, code]) => code).join("\n");

const missing = [];
let count = 0, ms = 0;
for (const { one, path } of reachable(root, ["stripe_connect_oauth"])) {
  count += 1;
  if (!example(one)) missing.push(path.join("::"));
  for (const method of methods(one)) {
    ms += 1;
    const shown = example(method) || new RegExp(`\\b${method.name}\\(`).test(example(one));
    if (!shown) missing.push(`${path.join("::")}::${method.name}`);
  }
}
console.log(missing.join("\n"));
console.log(count, ms, missing.length);
