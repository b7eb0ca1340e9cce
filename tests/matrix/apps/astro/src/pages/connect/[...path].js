import { connect } from "../../platform.mjs";

export const prerender = false;

export const ALL = async ({ request }) => (await connect.fetch(request)) ?? new Response(null, { status: 404 });
