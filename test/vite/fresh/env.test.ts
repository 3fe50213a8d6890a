import { describe, expect, onTestFinished, test } from "vitest";
import { createProject, route } from "../support/project.ts";
import { serve } from "../support/serve.ts";

const names = `[process.env.ORBIT_T_SECRET, import.meta.env.VITE_ORBIT_T, import.meta.env.ORBIT_T_SECRET, process.env.VITE_ORBIT_T].join()`;

describe.for([{ watch: true }, { watch: false }])("with the watcher $watch", ({ watch }) => {
  test("keys of a changed .env show at the next request", async () => {
    const project = createProject({
      ".env": "ORBIT_T_SECRET=s1\nVITE_ORBIT_T=v1\n",
      "pages/api/late.ts": route(names),
      "pages/api/early.ts": route("all", `const all = ${names};`),
    });
    const { get } = await serve(project, { watch });
    expect(await get("/api/late")).toBe("s1,v1,,v1");
    expect(await get("/api/early")).toBe("s1,v1,,v1");
    project.write(".env", "ORBIT_T_SECRET=s2\nVITE_ORBIT_T=v2\n");
    expect(await get("/api/late")).toBe("s2,v2,,v2");
    expect(await get("/api/early")).toBe("s2,v2,,v2");
    project.write(".env.local", "ORBIT_T_SECRET=local\n");
    expect(await get("/api/early")).toBe("local,v2,,v2");
    project.remove(".env.local");
    project.write(".env", "");
    expect(await get("/api/early")).toBe(",,,");
  });

  test("only modules that mention the environment run again", async () => {
    const project = createProject({
      ".env": "VITE_ORBIT_T=1\n",
      "pages/api/a.ts": route(
        `[env, runs()].join()`,
        `import { env } from "../../lib/env.ts"; import { runs } from "../../lib/other.ts";`,
      ),
      "lib/env.ts": "export const env = import.meta.env.VITE_ORBIT_T;",
      "lib/other.ts": `let count = Math.random(); export const runs = () => count;`,
    });
    const { get } = await serve(project, { watch });
    const [, before] = (await get("/api/a")).split(",");
    project.write(".env", "VITE_ORBIT_T=2\n");
    const [env, after] = (await get("/api/a")).split(",");
    expect(env).toBe("2");
    expect(after).toBe(before);
  });

  test("what the process has set wins over the files", async () => {
    process.env["ORBIT_T_OWN"] = "process";
    onTestFinished(() => void delete process.env["ORBIT_T_OWN"]);
    const project = createProject({
      ".env": "ORBIT_T_OWN=file\n",
      "pages/api/a.ts": route("process.env.ORBIT_T_OWN"),
    });
    const { get } = await serve(project, { watch });
    expect(await get("/api/a")).toBe("process");
    project.write(".env", "ORBIT_T_OWN=edited\n");
    expect(await get("/api/a")).toBe("process");
  });

  test("the keys are gone from the process when the server is closed", async () => {
    const project = createProject({
      ".env": "ORBIT_T_GONE=1\n",
      "pages/api/a.ts": route("process.env.ORBIT_T_GONE"),
    });
    const { server, get } = await serve(project, { watch });
    expect(await get("/api/a")).toBe("1");
    await server.close();
    expect(process.env["ORBIT_T_GONE"]).toBeUndefined();
  });
});
