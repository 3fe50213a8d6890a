import { createRateLimit } from "orbit-hmr/state";

const limit = createRateLimit("guestbook", 5, 30 * 1000);

export async function GET(request) {
  const { allowed, remaining, resetTime } = limit.check(request.ip);
  const secondsLeft = Math.ceil((resetTime - Date.now()) / 1000);

  if (!allowed) {
    return Response.json(
      { error: `Slow down: try again in ${secondsLeft} s` },
      { status: 429, headers: { "retry-after": String(secondsLeft) } },
    );
  }
  return Response.json({ remaining, secondsLeft });
}
