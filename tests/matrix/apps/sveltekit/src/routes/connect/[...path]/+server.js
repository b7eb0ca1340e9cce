import { connect } from "$lib/platform.mjs";

export const fallback = async ({ request }) => (await connect.fetch(request)) ?? new Response(null, { status: 404 });
