// Firefox, end to end.

import { inBrowser } from "../suite/browser.mjs";

export default inBrowser("firefox", "Firefox");
