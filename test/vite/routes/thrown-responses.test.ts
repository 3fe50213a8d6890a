import { expect, test } from "vitest";
import { createProject } from "../support/project.ts";
import { serve } from "../support/serve.ts";

test("a response thrown anywhere below a handler answers the request, and what was written before stays", async () => {
  const project = createProject({
    "lib/session.ts": `
      export const asked: string[] = [];
      export async function requireUser(request: Request): Promise<string> {
        asked.push(new URL(request.url).pathname);
        await null;
        const user = request.headers.get("x-user");
        if (user === null) throw new Response("sign in", { status: 401 });
        return user;
      }`,
    "pages/api/plain.ts": `
      import { asked, requireUser } from "../../lib/session.ts";
      export const GET = async (request: Request) => new Response((await requireUser(request)) + asked.length);`,
    "pages/api/stateful.ts": `
      import { createStatefulHandler } from "orbit-hmr/state";
      import { requireUser } from "../../lib/session.ts";
      const handler = createStatefulHandler({ tries: 0 }, {
        async POST(request: Request) {
          handler.updateState(({ tries }) => ({ tries: tries + 1 }));
          await requireUser(request);
          return Response.json(handler.getState());
        },
      });
      export const { POST } = handler;`,
  });
  const { fetch, reports } = await serve(project);
  expect(await fetch("/api/plain")).toMatchObject({ status: 401, text: "sign in" });
  expect(await fetch("/api/stateful", { method: "POST" })).toMatchObject({ status: 401, text: "sign in" });
  const headers = { "x-user": "ada" };
  expect(await fetch("/api/plain", { headers })).toMatchObject({ status: 200, text: "ada3" });
  const second = await fetch("/api/stateful", { method: "POST", headers });
  expect(second.json()).toEqual({ tries: 2 });
  expect(reports.filter(({ event }) => event === "error")).toEqual([]);
});
