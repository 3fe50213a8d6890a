import { expect, test, vi } from "vitest";
import { createProject, route } from "../support/project.ts";
import { serve } from "../support/serve.ts";

test("an invalidation is told with its message, and the importers run without being asked", async () => {
  const project = createProject({
    "lib/a.ts": `export const a = () => import.meta.hot.invalidate("it holds old sockets") ?? 1;`,
    "pages/api/a.ts": route("a()", `import { a } from "../../lib/a.ts";`),
  });
  const { get, reports, session } = await serve(project, { plugin: { hmr: { debounceMs: 5 } } });
  expect(await get("/api/a")).toBe("1");
  await vi.waitFor(() => expect(session.runtime.version).toBe(2));
  await vi.waitFor(() => expect(reports).toHaveLength(2));
  expect(reports).toMatchObject([
    { event: "notice", level: "info", message: "lib/a.ts was invalidated: it holds old sockets" },
    { event: "reload", summary: expect.stringMatching(/^\/api\/a; ran again pages\/api\/a\.ts/) },
  ]);
});

test("a break after a dispose handler has run says who has cleaned up", async () => {
  const project = createProject({
    "pages/api/a.ts": route("1", "import.meta.hot?.dispose(() => undefined);"),
  });
  const { fetch } = await serve(project, { watch: false });
  await fetch("/api/a");
  project.write("pages/api/a.ts", route("1", `throw new Error("no");`));
  expect((await fetch("/api/a")).json()).toMatchObject({
    status: 500,
    detail: expect.stringContaining(
      "The dispose handlers of pages/api/a.ts have run: what they closed stays closed until this is mended.",
    ),
  });
});

test("what server code sends reaches plugins, and no browser", async () => {
  const project = createProject({
    "pages/api/a.ts": route(`import.meta.hot.send("hello", { n: 1 }) ?? "sent"`),
  });
  const { get, server } = await serve(project);
  const toBrowsers = vi.spyOn(server.ws, "send");
  const heard: unknown[] = [];
  server.environments["orbit_api"]?.hot.on("hello", (data: unknown) => heard.push(data));
  expect(await get("/api/a")).toBe("sent");
  expect(heard).toEqual([{ n: 1 }]);
  expect(toBrowsers).not.toHaveBeenCalledWith("hello", { n: 1 });
});
