import { shop } from "../../../shop.js";

export const runtime = "edge";

const connect = shop("/edge");

const answer = async (request) => (await connect.fetch(request)) ?? new Response(null, { status: 404 });

export { answer as GET, answer as POST };
