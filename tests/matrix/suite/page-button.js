// The button's markup, also where a page's policy wants a trusted type: as docs/trusted-types.md has it.

import { connectButton } from "stripe-connect-oauth";

const rules = { createHTML: (_, options) => connectButton(options) };
const buttons = globalThis.trustedTypes?.createPolicy("stripe-connect", rules) ?? rules;

export const button = buttons.createHTML("", { href: "/connect/start" });
