import { connect } from "#shared/platform.mjs";

export default defineEventHandler(
  async (event) => (await connect.fetch(toWebRequest(event))) ?? new Response(null, { status: 404 }),
);
