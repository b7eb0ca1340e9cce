// Where a page's bundler is led instead of /edge and /server. The first import leads nowhere, so that the build fails,
// also in a bundler that only warns of a missing name: what can't be found is what it prints.
import "./stripe-connect-oauth: this entry works with the secret key and must not be in a browser, import it in server code only";
import { REFUSAL } from "./refuse-page.js";

throw new Error(REFUSAL);
