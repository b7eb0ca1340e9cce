// The demo as a browser meets it over https: WebKit keeps no `Secure` cookie of http://localhost. What stands before it
// takes headers out of requests, gives each page a second policy, and hears what browsers say was against it.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Proxy, World } from "../../e2e/support.mjs";
import { startDemo } from "../../../www/serve.mjs";

const REPORTS = "/policy-reports";

class Front extends Proxy {
  /** Pages and scripts that are not the demo's, by their paths: a type and a text. */
  pages = {};
  /** What was against the policy. */
  reports = [];

  /** Each page's second policy, until the next. */
  demand(policy) {
    this.added = policy ? ["content-security-policy", `${policy}; report-uri ${REPORTS}`] : [];
  }

  pass(request, response) {
    const page = this.pages[request.url.replace(/\?.*/, "")];
    if (page) return void response.writeHead(200, ["content-type", page.type, ...this.added]).end(page.text);
    if (request.url !== REPORTS) return super.pass(request, response);
    let text = "";
    request.on("data", (chunk) => (text += chunk));
    request.on("end", () => {
      this.reports.push(JSON.parse(text)["csp-report"]);
      response.writeHead(204).end();
    });
  }
}

/** Starts the demo and what stands before it; both end with the cell. */
export async function openWorld(t) {
  const front = new Front(certificate());
  const origin = await front.listen();
  t.after(() => front.close());
  // A forgery is reported, as it should be: not to who reads the table.
  const demo = await startDemo({ origin, log: () => {} });
  t.after(() => demo.stop());
  front.leadTo(demo.address);
  const world = new World(demo);
  await world.empty();
  return { world, front, origin, stripe: demo.sandboxOrigin };
}

/** A key and a certificate for localhost that nobody has signed. */
function certificate() {
  const folder = mkdtempSync(join(tmpdir(), "certificate-"));
  const [keyout, out] = ["key", "cert"].map((name) => join(folder, name));
  const named = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-days", "2"];
  try {
    const made = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", keyout, "-out", out];
    execFileSync("openssl", ["req", ...made, ...named], { stdio: "ignore" });
    return { key: readFileSync(keyout), cert: readFileSync(out) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
