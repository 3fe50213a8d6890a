import { execFileSync } from "node:child_process";
import { expect, onTestFinished, test } from "vitest";
import { createProject, route } from "../support/project.ts";
import { serve } from "../support/serve.ts";

test("outside of evaluations the environment is Node's own object", async () => {
  const own = process.env;
  const project = createProject({ "pages/api/a.ts": route("structuredClone(process.env).ORBIT_T_CLONE") });
  process.env["ORBIT_T_CLONE"] = "1";
  onTestFinished(() => void delete process.env["ORBIT_T_CLONE"]);
  const { get, server } = await serve(project, { watch: false });
  expect(await get("/api/a")).toBe("1");
  await server.close();
  expect(Reflect.getOwnPropertyDescriptor(process, "env")?.value === own).toBe(true);
  expect(execFileSync(process.execPath, ["-p", "process.env.ORBIT_T_CLONE"]).toString().trim()).toBe("1");
});
