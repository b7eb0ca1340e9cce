import { platform } from "../../../platform.mjs";

export const runtime = "edge";

const connect = platform("/edge");

const answer = async (request) => (await connect.fetch(request)) ?? new Response(null, { status: 404 });

export { answer as GET, answer as POST };
