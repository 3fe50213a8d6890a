import { expect, test } from "vitest";
import { createProject } from "../support/project.ts";
import { serve } from "../support/serve.ts";

const ROUTE = `import { greet } from "greeter";
  import { sum } from "summer";
  let asked = 0;
  export const GET = () => new Response([greet(), sum(1, 2), ++asked].join());`;

const files = {
  "pages/api/a.ts": ROUTE,
  "node_modules/greeter/package.json": JSON.stringify({
    name: "greeter",
    type: "module",
    exports: "./index.js",
  }),
  "node_modules/greeter/index.js": `export { greet } from "./words.js";`,
  "node_modules/greeter/words.js": `export const greet = () => "hello";`,
  "node_modules/summer/package.json": JSON.stringify({ name: "summer", main: "main.js" }),
  "node_modules/summer/main.js": `exports.sum = require("./add").add; return;`,
  "node_modules/summer/add.js": `exports.add = (a, b) => a + b;`,
};

test.for([{ watch: true }, { watch: false }])(
  "with trackNodeModules packages are replaced like the project's own code ($watch)",
  async ({ watch }) => {
    const project = createProject(files);
    const plugin = { dependencyTracking: { trackNodeModules: true } };
    const { get } = await serve(project, { watch, plugin });
    expect(await get("/api/a")).toBe("hello,3,1");
    project.write("node_modules/greeter/words.js", `export const greet = () => "servus";`);
    expect(await get("/api/a")).toBe("servus,3,2");
    project.write("node_modules/summer/add.js", `exports.add = (a, b) => a + b + 10;`);
    expect(await get("/api/a")).toBe("servus,13,3");
  },
);

test("without it they are loaded once", async () => {
  const project = createProject(files);
  const { get } = await serve(project);
  expect(await get("/api/a")).toBe("hello,3,1");
  project.write("node_modules/greeter/words.js", `export const greet = () => "servus";`);
  expect(await get("/api/a")).toBe("hello,3,2");
});

test("a package's edit is told without a request", async () => {
  const project = createProject(files);
  const plugin = { hmr: { debounceMs: 20 }, dependencyTracking: { trackNodeModules: true } };
  const { get, reports } = await serve(project, { plugin });
  await get("/api/a");
  project.write("node_modules/greeter/words.js", `export const greet = () => "servus";`);
  await expect
    .poll(() => reports)
    .toMatchObject([{ files: ["node_modules/greeter/words.js"], routes: ["/api/a"] }]);
});
