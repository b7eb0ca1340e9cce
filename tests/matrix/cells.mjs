// Runs cells of one host, one after the other, and tells run.mjs of each: cells.mjs HOST ID...
import { readHost } from "./hosts.mjs";
import { NotInstalled, Tools } from "./tools.mjs";

const [name, ...ids] = process.argv.slice(2);
let tools;

// Who stops a run wants no server of it left.
for (const stop of ["SIGINT", "SIGTERM", "disconnect"]) {
  process.once(stop, () => void tools?.close().finally(() => process.exit(1)));
}

const { cells } = await readHost(name);
for (const cell of cells.filter(({ id }) => ids.includes(id))) {
  tools = new Tools(name);
  const started = Date.now();
  const outcome = await outcomeOf(cell);
  const seconds = Math.round((Date.now() - started) / 1000);
  await new Promise((sent) => process.send({ id: cell.id, seconds, ...outcome }, sent));
  // The registry does not answer: the host's other cells would wait for it as long.
  if (!outcome.ran) break;
}
process.exit(0);

async function outcomeOf(cell) {
  try {
    const version = (await cell.run(tools))?.version ?? cell.version;
    await tools.close();
    return { ok: true, ran: true, version };
  } catch (error) {
    await tools.close();
    // What could not be tried is no result.
    return { ok: false, ran: !(error instanceof NotInstalled), version: cell.version, why: String(error?.stack ?? error) };
  }
}
