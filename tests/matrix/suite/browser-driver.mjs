// A browser and the person at it, by the commands of W3C WebDriver, which Chromium, Firefox and WebKit all take.
// https://www.w3.org/TR/webdriver2/

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** How each is started, on a port, and what is asked of it. scripts/tools.sh puts the drivers on PATH. */
const ENGINES = {
  chromium: {
    driver: ["chromedriver"],
    asked: {
      browserName: "chrome",
      "goog:chromeOptions": {
        binary: process.env.CHROMIUM ?? "/usr/bin/chromium",
        args: ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-dev-shm-usage"],
      },
    },
  },
  firefox: {
    driver: ["geckodriver"],
    asked: { browserName: "firefox", "moz:firefoxOptions": { args: ["-headless"] } },
  },
  // WebKitGTK, the nearest to Safari that runs here. It has no headless mode.
  webkit: {
    driver: ["xvfb-run", "--auto-servernum", "WebKitWebDriver"],
    asked: { browserName: "MiniBrowser" },
  },
};

/** How long a person waits for what is to be seen, in milliseconds. */
const PATIENCE = 20_000;

/** Opens a browser that has never been anywhere; it ends with the cell. */
export async function openBrowser(t, engine) {
  const { driver, asked } = ENGINES[engine];
  const address = `http://127.0.0.1:${await startDriver(t, engine, driver)}`;
  const alwaysMatch = { ...asked, acceptInsecureCerts: true, timeouts: { pageLoad: 60_000 } };
  const { sessionId, capabilities } = await send(`${address}/session`, "POST", { capabilities: { alwaysMatch } });
  const session = `${address}/session/${sessionId}`;
  t.after(() => send(session, "DELETE").catch(() => {}));
  return { version: capabilities.browserVersion, person: new Person(session) };
}

/** Starts a driver with a home of its own; resolves to its port once it answers. */
async function startDriver(t, engine, [command, ...args]) {
  const port = await t.port();
  const home = mkdtempSync(join(tmpdir(), `${engine}-`));
  // A group of its own, so that the browser ends with its driver.
  const env = { ...process.env, HOME: home, XDG_CACHE_HOME: join(home, "cache"), XDG_DATA_HOME: join(home, "data") };
  const driver = spawn(command, [...args, `--port=${port}`], { detached: true, stdio: "ignore", env });
  const ended = new Promise((resolve) => driver.on("error", resolve).on("close", resolve));
  t.after(async () => {
    if (driver.pid && driver.exitCode === null) process.kill(-driver.pid, "SIGTERM");
    await ended;
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  });
  const answers = waited(async () => (await fetch(`http://127.0.0.1:${port}/status`)).ok);
  const over = ended.then(() => Promise.reject(new Error(`${command} did not start: source scripts/tools.sh; need_${engine}`)));
  await Promise.race([answers, over]);
  return port;
}

/** A command, and what it answers. */
async function send(url, method, body) {
  const headers = { "content-type": "application/json" };
  const response = await fetch(url, { method, headers, body: body && JSON.stringify(body), signal: AbortSignal.timeout(90_000) });
  const { value } = await response.json();
  if (!response.ok) throw new Error(`${value.error}: ${value.message}`);
  return value;
}

/** Tries until it succeeds and is true of something; what it threw last is what went wrong. */
async function waited(tried) {
  for (const until = Date.now() + PATIENCE; ; await new Promise((wake) => setTimeout(wake, 50))) {
    try {
      const found = await tried();
      if (found) return found;
      if (Date.now() > until) throw new Error("it did not come to be so");
    } catch (error) {
      if (Date.now() > until) throw error;
    }
  }
}

/** Text as XPath writes it; none here has both kinds of quotation marks. */
const quoted = (text) => (text.includes('"') ? `'${text}'` : `"${text}"`);

class Person {
  #session;

  constructor(session) {
    this.#session = session;
  }

  #do(method, command, body) {
    return send(`${this.#session}/${command}`, method, method === "POST" ? (body ?? {}) : undefined);
  }

  goto = (url) => this.#do("POST", "url", { url });
  back = () => this.#do("POST", "back");
  reload = () => this.#do("POST", "refresh");
  url = () => this.#do("GET", "url");
  /** Forgets the cookies of the site that is open. */
  forget = () => this.#do("DELETE", "cookie");
  /** Runs a function's body in the page. */
  run = (script) => this.#do("POST", "execute/sync", { script, args: [] });

  /** Finds an element by its XPath, and does with it. */
  async #with(xpath, method, command) {
    const found = await this.#do("POST", "element", { using: "xpath", value: xpath });
    return this.#do(method, `element/${Object.values(found)[0]}/${command}`);
  }

  /** Waits until it is done; what could not be comes with what was to be seen instead. */
  async #wait(tried) {
    try {
      return await waited(tried);
    } catch (cause) {
      const instead = await this.run("return location.href + '\\n' + document.body?.innerText").catch(String);
      throw new Error(`${cause.message}\nInstead: ${instead}`, { cause });
    }
  }

  /**
   * Waits for a button or a link that is called this, and presses it: once the page stands still, for where a press
   * falls is reckoned first.
   */
  press(name, within = "") {
    const xpath = `${within}//*[self::button or self::a][normalize-space()=${quoted(name)}]`;
    return this.#wait(async () => {
      if ((await this.run("return document.readyState")) !== "complete") return false;
      await this.#with(xpath, "POST", "click");
      return true;
    });
  }

  /** Waits for something with this XPath. */
  finds(xpath) {
    return this.#wait(() => this.#with(xpath, "GET", "name"));
  }

  /** Waits for an element whose text this is. */
  sees(text, where = "//*") {
    return this.finds(`${where}[text()[normalize-space()=${quoted(text)}]]`);
  }

  /** Waits for a page with this first heading. */
  told(heading) {
    return this.sees(heading, "//h1");
  }
}
