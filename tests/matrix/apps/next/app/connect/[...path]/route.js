import { connect } from "../../../platform.mjs";

const answer = async (request) => (await connect.fetch(request)) ?? new Response(null, { status: 404 });

export { answer as GET, answer as POST };
