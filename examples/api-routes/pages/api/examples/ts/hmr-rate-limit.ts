import type { RouteHandler } from "orbit-hmr";
import { createRateLimit } from "orbit-hmr/state";

const limit = createRateLimit("search", 3, 20 * 1000);

export const GET: RouteHandler = async (request) => {
  const { allowed, remaining, count } = limit.check(request.ip ?? "unknown");
  if (!allowed) return Response.json({ error: "Too many searches" }, { status: 429 });
  return Response.json({ results: [], searches: count, remaining });
};
