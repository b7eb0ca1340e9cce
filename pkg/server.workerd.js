import core from "./dist/server.workerd.js";
import { back } from "./back.js";

export const { exchangeCode, refreshToken, deauthorize, stripeAccountHeaders } = back(core);
export const { retrieveAccount, createAccount, createAccountLink } = back(core);
