// Node's own: the stand-in at an address.
import { createSandbox } from "stripe-connect-oauth/sandbox";
import { serveSandbox } from "stripe-connect-oauth/sandbox/node";

export const served = serveSandbox(createSandbox(), { port: 0 });
export const closed: Promise<void> = served.then(({ close }) => close());
