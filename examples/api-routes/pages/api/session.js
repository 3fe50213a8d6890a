import { randomUUID } from "node:crypto";
import { createStore } from "orbit-hmr/state";

const sessions = createStore("sessions", {});

/** Who is logged in? */
export async function GET(request) {
  const session = sessions.get()[sessionIdOf(request)];
  if (!session) return Response.json({ error: "Nobody is logged in" }, { status: 401 });
  return Response.json({ name: session.name, greeting: `Welcome back, ${session.name}` });
}

/** Log in. */
export async function POST(request) {
  const { name } = await request.json();
  const id = randomUUID();
  sessions.update((all) => ({ ...all, [id]: { name, since: Date.now() } }));
  return Response.json(
    { name },
    { headers: { "set-cookie": `session=${id}; Path=/; HttpOnly; SameSite=Lax` } },
  );
}

/** Log out. */
export async function DELETE(request) {
  const id = sessionIdOf(request);
  sessions.update(({ [id]: gone, ...others }) => others);
  return new Response(null, { status: 204, headers: { "set-cookie": "session=; Path=/; Max-Age=0" } });
}

function sessionIdOf(request) {
  return /(?:^|;\s*)session=([^;]*)/.exec(request.headers.get("cookie") ?? "")?.[1];
}
