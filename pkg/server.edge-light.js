import core from "./dist/server.edge-light.js";
import { back } from "./back.js";
import { seal } from "./seal.js";
import { webhook } from "./webhook.js";

export const { exchangeCode, refreshToken, deauthorize, stripeAccountHeaders } = back(core);
export const { retrieveAccount, createAccount, createAccountLink } = back(core);
export const { verifyWebhook } = webhook(core);
export const { sealRefreshToken, openRefreshToken } = seal(core);
