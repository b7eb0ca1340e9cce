import { connect } from "../../../platform.mjs";

export default defineEventHandler(
  async (event) => (await connect.fetch(toWebRequest(event))) ?? new Response(null, { status: 404 }),
);
