// A PostgreSQL of the tests' own: in a new folder, on a socket there and on no port.
import { execFileSync, spawn } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";

/** A server's programs are on no PATH in Debian (scripts/tools.sh installs them). */
const DEBIAN = "/usr/lib/postgresql";

function program(name) {
  const folders = process.env.PATH.split(":");
  if (existsSync(DEBIAN)) folders.push(...readdirSync(DEBIAN).map((version) => join(DEBIAN, version, "bin")));
  const found = folders.map((folder) => join(folder, name)).find(existsSync);
  if (!found) throw new Error(`${name} is missing: install PostgreSQL's server, or run make package`);
  return found;
}

/** PostgreSQL does not run as root: there, it runs as nobody. */
function unprivileged() {
  if (process.getuid() !== 0) return {};
  const id = (flag) => Number(execFileSync("id", [flag, "nobody"], { encoding: "utf8" }));
  return { uid: id("-u"), gid: id("-g") };
}

/** A running server, with pools on its empty databases. */
export async function startPostgres() {
  const who = unprivileged();
  const folder = mkdtempSync(join(tmpdir(), "postgres-"));
  if (who.uid) chownSync(folder, who.uid, who.gid);
  const data = join(folder, "data");
  const options = { ...who, cwd: folder, env: { ...process.env, LC_ALL: "C.UTF-8" } };
  // Sorted as people sort, like many a platform's: the store must not lean on it.
  const locale = ["--locale-provider=icu", "--icu-locale=en-US"];
  const flags = ["--auth=trust", "--username=tests", "--encoding=UTF8", "--no-sync", ...locale];
  execFileSync(program("initdb"), [...flags, "-D", data], { ...options, stdio: "pipe" });

  const settings = ["listen_addresses=", `unix_socket_directories=${folder}`, "fsync=off"].flatMap((one) => ["-c", one]);
  const server = spawn(program("postgres"), ["-D", data, ...settings], { ...options, stdio: ["ignore", "ignore", "pipe"] });
  const kill = () => server.kill("SIGQUIT");
  process.on("exit", kill);
  const gone = new Promise((resolve) => server.once("exit", resolve));

  const pools = [];
  const pool = (database) => {
    pools.push(new pg.Pool({ host: folder, user: "tests", database, max: 20 }));
    return pools.at(-1);
  };
  await listening(server);
  const admin = pool("postgres");

  return {
    /** A new database, after `sql` was run in it. */
    async database(name, sql = "") {
      await admin.query(`CREATE DATABASE ${name}`);
      const made = pool(name);
      await made.query(sql);
      return made;
    },
    async stop() {
      await Promise.all(pools.map((one) => one.end()));
      process.off("exit", kill);
      // Waits for the pools' sessions: their last words are still under way.
      server.kill("SIGTERM");
      await gone;
      rmSync(folder, { recursive: true });
    },
  };
}

/** Resolves once the server says that it takes connections. */
async function listening(server) {
  let log = "";
  server.stderr.setEncoding("utf8");
  for await (const text of server.stderr.iterator({ destroyOnReturn: false })) {
    log += text;
    if (log.includes("ready to accept connections")) return void server.stderr.resume();
  }
  throw new Error(`PostgreSQL did not start: ${log}`);
}
