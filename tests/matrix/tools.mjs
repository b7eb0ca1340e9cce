// What a cell of the matrix works with: the packed package, a project that has it installed, commands and servers in
// it, a browser. All that is made stands in a cache, so that the next run finds what was installed.

import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const CACHE = join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "stripe-connect-oauth", "matrix");
const NAME = "stripe-connect-oauth";

/** What was published by then is what is installed: a host's own dependencies name no version, so this does. */
const AS_OF = "2026-11-28";

/** What a host is made of could not be had: it says nothing of the package. */
export class NotInstalled extends Error {}

let tarball = process.env.MATRIX_PACKAGE;

/** The package as people get it: packed once a run. */
export function packed() {
  if (tarball) return tarball;
  const folder = join(ROOT, "target", "matrix");
  mkdirSync(folder, { recursive: true });
  const args = ["pack", "--json", "--ignore-scripts", "--pack-destination", folder];
  const [{ filename }] = JSON.parse(execFileSync("npm", args, { cwd: join(ROOT, "pkg"), encoding: "utf8" }));
  tarball = join(folder, filename);
  return tarball;
}

/** Where hosts keep what they made of modules: of the package as it was, which they would go on with. */
const KEPT = [".cache", ".vite", ".vite-temp", ".vitest-cache"].map((name) => join("node_modules", name));

/** The tools of one cell: what it started ends with it. */
export class Tools {
  #ending = [];

  constructor(host) {
    this.host = host;
  }

  /**
   * A project with `dependencies`, the packed package among its modules, and `files`. It has nothing of an earlier run
   * but the modules.
   *
   * @param {{ dependencies?: Record<string, string>, files?: Record<string, string | object>, manifest?: object,
   *   scripts?: boolean, name?: string }} project `scripts`: whether the install scripts of the dependencies run;
   *   `name`: of the folder, where a host has several projects
   */
  project({ dependencies = {}, files = {}, manifest = {}, scripts = false, name = this.host }) {
    const installing = [dependencies, scripts, AS_OF, ...(manifest.overrides ? [manifest.overrides] : [])];
    const digest = createHash("sha256").update(JSON.stringify(installing)).digest("hex").slice(0, 12);
    const modules = join(CACHE, "modules", `${name}-${digest}`);
    const written = { name: `shop-${name}`, version: "1.0.0", private: true, type: "module", ...manifest, dependencies };
    if (!existsSync(join(modules, "done"))) install(modules, written, scripts);
    // The modules stay where they are; only the package among them and the project's own files are of this run.
    for (const old of [...projectFiles(modules), ...KEPT]) rmSync(join(modules, old), { recursive: true, force: true });
    const installed = join(modules, "node_modules", NAME);
    rmSync(installed, { recursive: true, force: true });
    mkdirSync(installed, { recursive: true });
    execFileSync("tar", ["-xzf", packed(), "-C", installed, "--strip-components=1"]);
    const project = new Project(modules, this.#ending);
    project.write({ "package.json": { ...written, dependencies: { ...dependencies, [NAME]: "*" } }, ...files });
    return project;
  }

  /** The packed package, for a host that installs it by itself. */
  tarball() {
    return packed();
  }

  /** A port that is free. */
  port() {
    return new Promise((resolve, reject) => {
      const server = createServer().on("error", reject);
      server.listen(0, "127.0.0.1", () => {
        const { port } = server.address();
        server.close(() => resolve(port));
      });
    });
  }

  /** Has `end` done once the cell is over. */
  after(end) {
    this.#ending.push(end);
  }

  /** Ends the newest first, and all of it, whatever becomes of one. */
  async close() {
    for (const end of this.#ending.splice(0).reverse()) {
      try {
        await end();
      } catch (error) {
        console.error(error);
      }
    }
  }
}

/** Installs modules from the registry, which is asked again for a minute when it does not answer. */
function install(modules, manifest, scripts) {
  const patience = ["--fetch-retry-mintimeout=2000", "--fetch-retry-maxtimeout=5000"];
  const args = ["install", "--no-audit", "--no-fund", "--loglevel=error", `--before=${AS_OF}`, ...patience, ...(scripts ? [] : ["--ignore-scripts"])];
  for (let tries = 1; ; tries++) {
    rmSync(modules, { recursive: true, force: true });
    mkdirSync(join(modules, "node_modules"), { recursive: true });
    writeFileSync(join(modules, "package.json"), JSON.stringify(manifest));
    try {
      execFileSync("npm", args, { cwd: modules, stdio: ["ignore", "ignore", "pipe"], encoding: "utf8" });
      return writeFileSync(join(modules, "done"), "");
    } catch (error) {
      if (tries === 3) throw new NotInstalled(`not run: npm could not install ${JSON.stringify(manifest.dependencies)}\n${error.stderr}`);
      execFileSync("sleep", ["10"]);
    }
  }
}

const projectFiles = (folder) => readdirSync(folder).filter((name) => !["node_modules", "package-lock.json", "done"].includes(name));

class Project {
  #ending;

  constructor(dir, ending) {
    this.dir = dir;
    this.#ending = ending;
  }

  /** Writes files, an object as JSON. */
  write(files) {
    for (const [name, content] of Object.entries(files)) {
      const path = join(this.dir, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, typeof content === "string" ? content : `${JSON.stringify(content, null, 2)}\n`);
    }
  }

  /** Copies a file or a folder into the project. */
  copy(from, to) {
    cpSync(from, join(this.dir, to), { recursive: true });
  }

  read(name) {
    return readFileSync(join(this.dir, name), "utf8");
  }

  /** The version that is installed of a dependency. */
  versionOf(name) {
    return JSON.parse(this.read(`node_modules/${name}/package.json`)).version;
  }

  /**
   * Runs a command to its end; resolves to its exit code and all that it printed. What `node_modules/.bin` has comes
   * first. Unless `fails`, a code other than 0 throws with the output.
   *
   * @param {string} command
   * @param {string[]} args
   * @param {{ env?: Record<string, string>, fails?: boolean, seconds?: number }} [options]
   */
  run(command, args = [], { env = {}, fails = false, seconds = 300 } = {}) {
    return new Promise((resolve, reject) => {
      const child = this.#spawn(command, args, env);
      this.#ending.push(() => end(child));
      let output = "";
      for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
      const timer = setTimeout(() => end(child), seconds * 1000);
      child.on("error", reject);
      child.on("close", (code) => {
        clearTimeout(timer);
        if (code === 0 || (fails && code !== null)) resolve({ code, output });
        else reject(new Error(`${command} ${args.join(" ")} ended with ${code ?? "no code: too slow"}\n${output}`));
      });
    });
  }

  /**
   * Starts a server, and resolves once `url` answers. It ends with the cell.
   *
   * @param {string} command
   * @param {string[]} args
   * @param {{ url: string, env?: Record<string, string>, seconds?: number }} options
   * @returns {Promise<{ output(): string }>}
   */
  async start(command, args, { url, env = {}, seconds = 90 }) {
    const child = this.#spawn(command, args, env);
    let output = "", over = false;
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
    child.on("error", (error) => ((output += error), (over = true)));
    child.on("close", () => (over = true));
    this.#ending.push(async () => {
      end(child);
      for (let waited = 0; !over && waited < 50; waited++) await pause(100);
    });
    for (const until = Date.now() + seconds * 1000; Date.now() < until && !over; await pause(200)) {
      try {
        // A development server says 503 until it has built.
        const { status } = await fetch(url, { redirect: "manual", signal: AbortSignal.timeout(20_000) });
        if (status !== 503) return { output: () => output };
      } catch {}
    }
    throw new Error(`${command} ${args.join(" ")} does not answer at ${url}\n${output}`);
  }

  #spawn(command, args, env) {
    const PATH = `${join(this.dir, "node_modules", ".bin")}:${process.env.PATH}`;
    const environment = { ...process.env, PATH, CI: "1", NO_COLOR: "1", NODE_OPTIONS: "", ...TELEMETRY_OFF, ...env };
    // A group of its own, so that what a command starts ends with it.
    return spawn(command, args, { cwd: this.dir, env: environment, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  }
}

const TELEMETRY_OFF = { NEXT_TELEMETRY_DISABLED: "1", ASTRO_TELEMETRY_DISABLED: "1", NUXT_TELEMETRY_DISABLED: "1", NG_CLI_ANALYTICS: "false", WRANGLER_SEND_METRICS: "false", DO_NOT_TRACK: "1" };

const pause = (ms) => new Promise((wake) => setTimeout(wake, ms));

function end(child) {
  try {
    process.kill(-child.pid, "SIGTERM");
    setTimeout(() => { try { process.kill(-child.pid, "SIGKILL"); } catch {} }, 3000).unref();
  } catch {}
}
