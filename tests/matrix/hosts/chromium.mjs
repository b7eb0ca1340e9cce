// Chromium, end to end.

import { inBrowser } from "../suite/browser.mjs";

export default inBrowser("chromium", "Chromium");
