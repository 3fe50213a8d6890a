import { expect, test } from "vitest";
import { orbiton } from "./orbiton.ts";
import { createProject, emptyFolder } from "./project.ts";

const files = {
  "pages/api/users/index.ts":
    "export const GET = () => new Response();\nexport async function POST() { return new Response(); }\nexport const MAX_SIZE = 1;",
  "pages/api/users/[id].ts":
    "const handler = { GET: 1, DELETE: 2 };\nexport const { GET, DELETE } = handler;\nexport type PUT = string;",
  "pages/api/(admin)/log.js": "export default (request) => new Response();",
  "pages/api/both.ts":
    "export const PATCH = () => new Response();\nexport default { fetch: () => new Response() };",
  "pages/api/again.ts": `export * from "./both.ts";\nexport { PATCH as PUT } from "./both.ts";`,
  "pages/api/old.cjs": "module.exports = { GET: () => new Response() };",
  "pages/api/broken.ts": "export const GET = (",
  "pages/api/_helper.ts": "export const GET = 1;",
};

test("routes lists each route with its methods and its file, and needs no server", async () => {
  const project = createProject(files);
  const { code, stdout, stderr } = await orbiton(["routes", "--dir", project.root]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toBe(`/api/again      PUT, ...     pages/api/again.ts
/api/both       PATCH, any   pages/api/both.ts
/api/broken     ?            pages/api/broken.ts
/api/log        any          pages/api/(admin)/log.js
/api/old        ?            pages/api/old.cjs
/api/users      GET, POST    pages/api/users/index.ts
/api/users/:id  GET, DELETE  pages/api/users/[id].ts
`);
});

test("--json is a document, and what is no route is said", async () => {
  const project = createProject({
    ...files,
    "pages/api/log.ts": "",
    "pages/api/[id.ts": "",
    "orbiton.config.json": `{ "apiPrefix": "/rpc" }`,
  });
  const { code, stdout, stderr } = await orbiton(["routes", "--json", "--dir", project.root]);
  expect(code).toBe(0);
  const { routes, problems } = JSON.parse(stdout) as { routes: object[]; problems: object[] };
  expect(routes).toContainEqual({
    path: "/rpc/users",
    file: "pages/api/users/index.ts",
    methods: ["GET", "POST"],
  });
  expect(routes).toContainEqual({ path: "/rpc/both", file: "pages/api/both.ts", methods: ["PATCH", "*"] });
  expect(routes).toContainEqual({ path: "/rpc/old", file: "pages/api/old.cjs", methods: null });
  expect(problems).toMatchObject([
    { file: "pages/api/[id.ts" },
    {
      file: "pages/api/(admin)/log.js",
      message: expect.stringContaining("Two files claim /rpc/log") as string,
    },
  ]);
  expect(stderr).toContain(
    "warning Two files claim /rpc/log: pages/api/(admin)/log.js and pages/api/log.ts.",
  );
});

test("the prefix is that of the project, below the base of its Vite config", async () => {
  const project = createProject({
    "vite.config.js": `export default { base: "/app/" };`,
    "pages/api/a.ts": "export const GET = 1;",
  });
  const { stdout } = await orbiton(["routes", "--dir", project.root]);
  expect(stdout).toBe("/app/api/a  GET  pages/api/a.ts\n");
});

test("a project without routes has none, and a folder without a project is a mistake", async () => {
  const none = await orbiton(["routes", "--dir", createProject({ "index.html": "" }).root]);
  expect([none.code, none.stdout]).toEqual([0, "no routes: there is no pages/api or src/pages/api\n"]);
  const nothing = await orbiton(["routes", "--dir", emptyFolder()]);
  expect([nothing.code, nothing.stderr]).toEqual([2, expect.stringContaining("There is no project in")]);
});
