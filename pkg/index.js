import core from "./dist/core.inline.js";
import { front } from "./front.js";

export const { authorizeUrl, newState, parseCallback, beginConnect, finishConnect, connectButton } = front(core);
export { isConnectError } from "./front.js";
