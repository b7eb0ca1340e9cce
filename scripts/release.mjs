// What must be so before a release, but for the tests: release.mjs [TAG]. The versions say the same, and what would be
// published is what `npm` and `cargo` take: CI looks at this. With a tag, tag and changelog say the version too, and a
// second build, in another folder, is the same to the byte. Exits with 1 when something is not so.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));
const run = (command, args, cwd = root) => execFileSync(command, args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
const read = (path) => readFileSync(join(root, path), "utf8");
const must = (is, what) => {
  if (!is) throw new Error(what);
  console.log(`ok  ${what}`);
};

const [tag] = process.argv.slice(2);
const { version } = JSON.parse(read("pkg/package.json"));
must(/^version = "(.*)"$/m.exec(read("Cargo.toml"))[1] === version, `Cargo.toml and pkg/package.json have version ${version}`);
if (tag !== undefined) {
  must(tag === `v${version}`, `the tag ${tag} is v and that version`);
  must(read("CHANGELOG.md").includes(`\n## ${version} `), `CHANGELOG.md has a section "## ${version} (date)"`);
}

const unbuilt = ["README.md", "THIRD-PARTY-NOTICES", "dist/server.wasm"].filter((file) => !existsSync(join(root, "pkg", file)));
must(unbuilt.length === 0, "the package is built (make build)");
run("npm", ["publish", "--dry-run", "--ignore-scripts", "--loglevel=error"], join(root, "pkg"));
must(true, "npm would publish the package");
run("cargo", ["package", "--quiet", "--locked", "--allow-dirty", "--features", "edge,http,sandbox,serde,url,web"]);
must(true, "cargo packages the crate, and it builds from that");

if (tag !== undefined) buildAgain();

function buildAgain() {
  const again = mkdtempSync(join(tmpdir(), "stripe-connect-oauth-again-"));
  try {
    for (const file of run("git", ["ls-files"]).trim().split("\n")) {
      mkdirSync(join(again, dirname(file)), { recursive: true });
      cpSync(join(root, file), join(again, file), { preserveTimestamps: true });
    }
    cpSync(join(root, "node_modules"), join(again, "node_modules"), { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
    run("make", ["build"], again);
    const [first, second] = [digests(join(root, "pkg")), digests(join(again, "pkg"))];
    const differing = Object.keys({ ...first, ...second }).filter((file) => first[file] !== second[file]);
    must(Object.keys(first).length > 20 && differing.length === 0, `a second build is the same${differing.map((file) => `, but for ${file}`)}`);
  } finally {
    rmSync(again, { recursive: true });
  }
}

/** Each file that a build makes, with what is in it. */
function digests(pkg) {
  const files = ["README.md", "THIRD-PARTY-NOTICES", ...readdirSync(join(pkg, "dist"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(pkg.length + 1))];
  return Object.fromEntries(files.map((file) => [file, createHash("sha256").update(readFileSync(join(pkg, file))).digest("hex")]));
}
