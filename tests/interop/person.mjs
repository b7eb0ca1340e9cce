// The person at the browser: opens the authorize URL, reads the consent page, presses one of its buttons, and is
// sent back. Node programs import this; the others run it: `node person.mjs URL [connect|cancel]` prints the
// address the person is sent back to.

import { fileURLToPath } from "node:url";

/**
 * Decides on the consent page at `url`, and says where the browser is sent.
 *
 * @param {string | URL} url
 * @param {"connect" | "cancel"} [decision]
 * @returns {Promise<string>}
 */
export async function decide(url, decision = "connect") {
  const page = await fetch(url);
  const html = await page.text();
  const form = page.ok && html.match(/<form [^>]*method="post"[\s\S]*?<\/form>/)?.[0];
  if (!form) throw new Error(`No consent form, but ${page.status}: ${html.slice(0, 500)}`);
  const action = new URL(attribute(form, "action") || page.url, page.url);
  const body = new URLSearchParams([...filled(form), ["decision", decision]]);
  const answer = await fetch(action, { method: "POST", body, redirect: "manual" });
  const location = answer.headers.get("location");
  if (!location) throw new Error(`Not sent back, but ${answer.status}: ${(await answer.text()).slice(0, 500)}`);
  return location;
}

/** What a browser would send of the form as it stands: of radio buttons, the checked one; of a list, the selected. */
function filled(form) {
  const inputs = (form.match(/<input [^>]*>/g) ?? [])
    .filter((input) => attribute(input, "name") !== undefined)
    .filter((input) => !/type="(radio|checkbox)"/.test(input) || / checked/.test(input))
    .map((input) => [attribute(input, "name"), attribute(input, "value") ?? ""]);
  const selects = (form.match(/<select [\s\S]*?<\/select>/g) ?? []).map((select) => {
    const options = select.match(/<option[^>]*>/g);
    const selected = options.find((option) => / selected/.test(option)) ?? options[0];
    return [attribute(select, "name"), attribute(selected, "value")];
  });
  return [...inputs, ...selects];
}

/** An attribute of the first tag in `html`. */
function attribute(html, name) {
  const tag = html.slice(0, html.indexOf(">") + 1);
  const value = tag.match(new RegExp(` ${name}="([^"]*)"`))?.[1];
  return value?.replace(/&(amp|lt|gt|quot|#39);/g, (_, entity) => ENTITIES[entity]);
}

const ENTITIES = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" };

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  console.log(await decide(process.argv[2], process.argv[3]));
}
