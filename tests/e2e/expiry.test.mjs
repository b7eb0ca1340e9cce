// A flow that took too long. Its demo allows two seconds.

import { setTimeout } from "node:timers/promises";
import { STYLES, heldCallback, follow, press, signIn, told, useDemo } from "./support.mjs";

const LIFETIME = 2;

const check = useDemo({ flowLifetime: LIFETIME });

for (const style of STYLES) {
  check(`${style}: an expired flow is refused, even if the browser kept its cookie`, async ({ world, page, context, origin }) => {
    await signIn(page, origin);
    await press(page, style);
    const callback = await heldCallback(page);
    const kept = (await context.cookies()).map((cookie) => ({ ...cookie, expires: Date.now() / 1000 + 3600 }));
    await context.addCookies(kept);
    await setTimeout(LIFETIME * 1000);
    await follow(page, callback);
    await told(page, "That took too long");
    await world.assertUntouched();
  });
}
