import { execFileSync } from "node:child_process";
import { renameSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { GraphDocument } from "../../src/graph/index.ts";
import { DevProgram, type Ended, orbiton, orbitonFile, run } from "./orbiton.ts";
import { createProject, emptyFolder, packageRoot, type Project } from "./project.ts";

const files = {
  ".gitignore": "node_modules\n",
  "lib/db.ts": "export const db = 1;\n",
  "lib/users.ts": `import { db } from "./db";\nexport const users = () => db;\n`,
  "lib/alone.ts": "export {};\n",
  "pages/api/users.ts": `import { users } from "../../lib/users.ts";\nexport const GET = () => Response.json(users());\n`,
  "pages/api/orders/[id].ts": `import { db } from "../../../lib/db";\nexport const GET = () => Response.json(db);\n`,
  "pages/api/plain.ts": "export const GET = () => Response.json(1);\n",
};
const throughUsers = ["lib/db.ts", "lib/users.ts", "pages/api/users.ts"];
const throughOrders = ["lib/db.ts", "pages/api/orders/[id].ts"];

async function ask(project: Project, ...words: readonly string[]): Promise<Ended> {
  return orbiton([...words, "--dir", project.root]);
}

async function askJson(project: Project, ...words: readonly string[]): Promise<unknown> {
  const { code, stdout, stderr } = await ask(project, ...words, "--json");
  expect([code, stderr]).toEqual([0, ""]);
  return JSON.parse(stdout);
}

function git(project: Project, ...args: readonly string[]): void {
  execFileSync("git", ["-c", "user.name=Ada", "-c", "user.email=ada@example.org", ...args], {
    cwd: project.root,
  });
}

function commit(project: Project): void {
  git(project, "init", "--quiet");
  git(project, "add", "--all");
  git(project, "commit", "--quiet", "--message=all");
}

describe("affected", () => {
  test("names each route that a file reaches, with the way to it, and needs no server", async () => {
    const project = createProject(files);
    const { code, stdout, stderr } = await ask(project, "affected", "lib/db.ts");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toBe(
      `/api/orders/:id  pages/api/orders/[id].ts ← lib/db.ts
/api/users       pages/api/users.ts ← lib/users.ts ← lib/db.ts
`,
    );
  });

  test("--json is a document, and nothing else", async () => {
    const project = createProject(files);
    expect(await askJson(project, "affected", "lib/db.ts", "lib/alone.ts")).toEqual({
      routes: [
        { path: "/api/orders/:id", file: "pages/api/orders/[id].ts", chain: throughOrders },
        { path: "/api/users", file: "pages/api/users.ts", chain: throughUsers },
      ],
      modules: [
        "lib/alone.ts",
        "lib/db.ts",
        "lib/users.ts",
        "pages/api/orders/[id].ts",
        "pages/api/users.ts",
      ],
      truncated: false,
      unresolved: [],
    });
  });

  test("a file that no route reaches affects none, and that is no failure", async () => {
    const project = createProject(files);
    const { code, stdout } = await ask(project, "affected", "lib/alone.ts");
    expect([code, stdout]).toEqual([0, "no route is affected by 1 changed file\n"]);
  });

  test("files are found from the working directory and from the project", async () => {
    const project = createProject(files);
    const command = [process.execPath, orbitonFile, "affected"];
    const fromInside = await run([...command, "db.ts", "--dir", ".."], project.path("lib"));
    expect(fromInside.stdout).toContain("/api/users ");
    const fromProject = await run([...command, "lib/db.ts"], project.root);
    expect(fromProject.stdout).toBe(fromInside.stdout);
    const fromElsewhere = await run(
      [...command, project.path("lib/db.ts"), "--dir", project.root],
      emptyFolder(),
    );
    expect(fromElsewhere.stdout).toBe(fromInside.stdout);
  });

  test("a folder inside of the project is no project: nothing is said of what it does not know", async () => {
    const project = createProject(files);
    const { code, stdout, stderr } = await run(
      [process.execPath, orbitonFile, "affected", "db.ts"],
      project.path("lib"),
    );
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain("--dir");
  });

  test("paths of the tsconfig lead where the server of a project without a Vite config goes", async () => {
    const project = createProject({
      "tsconfig.json": `{ "compilerOptions": { "paths": { "@lib/*": ["./lib/*"] } } }`,
      "pages/api/price.ts": `import { price } from "@lib/price"; export const GET = () => Response.json(price);`,
      "lib/price.ts": "export const price = 1;",
    });
    const { stdout } = await ask(project, "affected", "lib/price.ts");
    expect(stdout).toContain("/api/price");
    const server = await DevProgram.start(project.root);
    await expect(server.fetchJson("/api/price")).resolves.toBe(1);
  });

  test("files are the same through links", async () => {
    const project = createProject(files);
    const link = join(emptyFolder(), "link");
    symlinkSync(project.root, link, "junction");
    for (const file of ["lib/db.ts", join(link, "lib/db.ts")]) {
      const { stdout } = await orbiton(["affected", file, "--dir", link]);
      expect(stdout).toContain("/api/users ");
    }
    rmSync(project.path("lib/db.ts"));
    expect((await orbiton(["affected", join(link, "lib/db.ts"), "--dir", link])).stdout).toContain(
      "/api/users ",
    );
  });

  test("--since knows what was edited, added, renamed and deleted", async () => {
    const project = createProject(files);
    commit(project);
    expect(await askJson(project, "affected", "--since", "HEAD")).toMatchObject({ routes: [], modules: [] });
    project.edit("lib/users.ts", "=> db", "=> db + 1");
    expect(await askJson(project, "affected", "--since", "HEAD")).toMatchObject({
      routes: [{ path: "/api/users", chain: throughUsers.slice(1) }],
    });
    git(project, "commit", "--all", "--quiet", "--message=edit");
    project.write("pages/api/added.ts", `import "../../lib/new";\n`);
    project.write("lib/new.ts", "export {};\n");
    expect(await askJson(project, "affected", "--since", "HEAD")).toMatchObject({
      routes: [{ path: "/api/added", chain: ["pages/api/added.ts"] }],
      modules: ["lib/new.ts", "pages/api/added.ts"],
    });
    rmSync(project.path("lib/db.ts"));
    expect(await askJson(project, "affected", "--since", "HEAD~1")).toMatchObject({
      routes: [
        { path: "/api/added" },
        { path: "/api/orders/:id", chain: throughOrders },
        { path: "/api/users", chain: throughUsers.slice(1) },
      ],
    });
    renameSync(project.path("lib/users.ts"), project.path("lib/people.ts"));
    const { stdout } = await ask(project, "affected", "--since", "HEAD");
    expect(stdout).toContain("/api/users       pages/api/users.ts ← lib/users.ts\n");
  });

  test("--since passes over other projects of the repository", async () => {
    const repository = createProject({ "apps/other/lib/db.ts": "export const db = 1;\n" });
    for (const [file, text] of Object.entries(files)) repository.write(`apps/shop/${file}`, text);
    commit(repository);
    repository.edit("apps/other/lib/db.ts", "1", "2");
    repository.edit("apps/shop/lib/users.ts", "=> db", "=> db + 1");
    const shop = ["--dir", repository.path("apps/shop")];
    const { stdout } = await orbiton(["affected", "--since", "HEAD", "--json", ...shop]);
    expect(JSON.parse(stdout)).toMatchObject({ modules: ["lib/users.ts", "pages/api/users.ts"] });
  });

  test("a file that was deleted affects those who import it", async () => {
    const project = createProject(files);
    rmSync(project.path("lib/db.ts"));
    const { code, stdout } = await ask(project, "affected", "lib/db.ts");
    expect([code, stdout]).toEqual([0, expect.stringContaining("/api/users ")]);
  });

  test("a changed setting is said, for no import shows what it affects", async () => {
    const project = createProject({ ...files, "tsconfig.json": "{}" });
    const { code, stderr } = await ask(project, "affected", "tsconfig.json");
    expect(code).toBe(0);
    expect(stderr).toBe(
      "warning tsconfig.json changed: a setting can affect every route, and no import shows it.\n",
    );
  });

  test("an import that cannot be bounded affects its route always, and is named", async () => {
    const project = createProject({
      ...files,
      "pages/api/any.ts": "export const GET = () => import(process.argv[9]);\n",
    });
    const { stdout, stderr } = await ask(project, "affected", "lib/alone.ts");
    expect(stdout).toBe("/api/any  pages/api/any.ts ← lib/alone.ts\n");
    expect(stderr).toMatch(/^warning pages\/api\/any\.ts:1:\d+ .*\n$/);
    // A name that is wrong is wrong, although that import could mean it.
    expect((await ask(project, "affected", "lib/alnoe.ts")).code).toBe(2);
  });

  test.for<[string, readonly string[], number, RegExp]>([
    ["a file that is not there", ["lib/nowhere.ts"], 2, /^error There is no file lib\/nowhere\.ts\.\n$/],
    ["a folder", ["lib"], 2, /^error Expected a file, got the folder lib\.\n$/],
    [
      "a file of something else",
      [join(packageRoot, "package.json")],
      2,
      /^error \S+package\.json is not part of the project in .*\n$/,
    ],
    [
      "a commit that is not there",
      ["--since", "nowhere"],
      2,
      /^error There is no commit, branch or tag nowhere in this repository\.\n$/,
    ],
    [
      "a commit that would be an option",
      ["--since=--output=x"],
      2,
      /^error Expected --since to be a commit, branch or tag, got "--output=x"\.\n$/,
    ],
  ])("%s is one clear line", async ([, words, code, stderr]) => {
    const project = createProject(files);
    commit(project);
    expect(await ask(project, "affected", ...words)).toEqual({
      code,
      stdout: "",
      stderr: expect.stringMatching(stderr) as unknown,
    });
    expect(await ask(project, "affected", ...words, "--json")).toMatchObject({ code, stdout: "" });
  });

  test("no repository is one clear line, and so is no git", async () => {
    const project = createProject(files);
    expect(await ask(project, "affected", "--since", "HEAD")).toEqual({
      code: 1,
      stdout: "",
      stderr: expect.stringMatching(
        /^error --since asks git, and that failed: not a git repository.*\n$/,
      ) as unknown,
    });
  });
});

describe("the options of the project count", () => {
  const elsewhere = { "routes/hello.ts": `import "../lib/db.ts";\n`, "lib/db.ts": "export {};\n" };
  const expected = [{ path: "/v1/hello", file: "routes/hello.ts", chain: ["lib/db.ts", "routes/hello.ts"] }];

  test("those of apiRoutes() in the Vite config", async () => {
    const project = createProject({
      ...elsewhere,
      "vite.config.js": `import { apiRoutes } from "orbit-hmr/vite";
        export default { plugins: [apiRoutes({ apiDir: "routes", apiPrefix: "/v1" })] };`,
    });
    expect(await askJson(project, "affected", "lib/db.ts")).toMatchObject({ routes: expected });
  });

  test("those of orbiton.config", async () => {
    const project = createProject({
      ...elsewhere,
      "orbiton.config.toml": `apiDir = "routes"\napiPrefix = "/v1"\n`,
    });
    expect(await askJson(project, "affected", "lib/db.ts")).toMatchObject({ routes: expected });
  });

  test("the aliases of the Vite config", async () => {
    const project = createProject({
      "pages/api/a.ts": `import { db } from "@/db";\nexport const GET = () => Response.json(db);\n`,
      "lib/db.ts": "export const db = 1;\n",
      "vite.config.js": `import { join } from "node:path";
        export default { resolve: { alias: { "@": join(import.meta.dirname, "lib") } } };`,
    });
    expect(await askJson(project, "affected", "lib/db.ts")).toMatchObject({ routes: [{ path: "/api/a" }] });
  });

  test("a config that cannot be loaded is one clear line", async () => {
    const project = createProject({
      ...elsewhere,
      "vite.config.js": `throw new Error("broken on purpose");`,
    });
    expect(await ask(project, "graph", "--json")).toEqual({
      code: 1,
      stdout: "",
      stderr: "error The Vite config cannot be loaded: broken on purpose\n",
    });
    const wrong = createProject({ ...elsewhere, "orbiton.config.json": `{ "apiPrefix": "v1" }` });
    expect(await ask(wrong, "graph")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("`apiPrefix`") as unknown,
    });
  });
});

describe("graph", () => {
  test("--json names every file and every import", async () => {
    const project = createProject(files);
    const { nodes, edges } = (await askJson(project, "graph")) as GraphDocument;
    expect(nodes).toContainEqual({ id: "pages/api/users.ts", kind: "route", path: "/api/users" });
    expect(nodes).toContainEqual({ id: "lib/db.ts", kind: "module" });
    expect(edges).toContainEqual({ from: "lib/users.ts", to: "lib/db.ts", kind: "static" });
    expect(edges).toHaveLength(3);
  });

  test("--dot is what Graphviz reads", async () => {
    const project = createProject(files);
    const { code, stdout, stderr } = await ask(project, "graph", "--dot");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^digraph [^]*"pages\/api\/users\.ts" -> "lib\/users\.ts"[^]*\}\n$/);
  });

  test("without an option it is a summary", async () => {
    const project = createProject({
      ...files,
      "lib/one.ts": `import "./two.ts";\n`,
      "lib/two.ts": `import "./one.ts";\n`,
    });
    const { code, stdout } = await ask(project, "graph");
    expect(code).toBe(0);
    expect(stdout).toMatch(/^\d+ modules, 3 routes among them, .*\n5 imports, 1 cycle\n$/);
  });

  test("a reader that leaves early is no failure", async () => {
    const many = Object.fromEntries(
      Array.from({ length: 2_000 }, (_, index) => [`lib/m${index}.ts`, `import "./m${index + 1}.ts";\n`]),
    );
    const project = createProject({ ...files, ...many });
    const line = `"${process.execPath}" "${orbitonFile}" graph --json --dir "${project.root}" | head -c 10`;
    expect(await run(["sh", "-c", line])).toEqual({ code: 0, stdout: `{"nodes":[`, stderr: "" });
  });
});

describe("explain", () => {
  test("says who imports a file, how each route reaches it, and what an edit would do", async () => {
    const project = createProject(files);
    const { code, stdout, stderr } = await ask(project, "explain", "lib/db.ts");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toBe(`lib/db.ts
  imported by  lib/users.ts
               pages/api/orders/[id].ts
  reached by   /api/orders/:id  pages/api/orders/[id].ts ← lib/db.ts
               /api/users       pages/api/users.ts ← lib/users.ts ← lib/db.ts
  an edit      reloaded  lib/db.ts changed → /api/orders/:id, /api/users
`);
  });

  test("--json is a document, and nothing else", async () => {
    const project = createProject(files);
    expect(await askJson(project, "explain", "pages/api/users.ts")).toEqual({
      file: "pages/api/users.ts",
      route: "/api/users",
      importers: [],
      routes: [{ path: "/api/users", file: "pages/api/users.ts", chain: ["pages/api/users.ts"] }],
      edit: { strategy: "single", reason: "pages/api/users.ts changed → /api/users" },
      truncated: false,
      unresolved: [],
      warnings: [],
    });
  });

  test.for([
    ["lib/alone.ts", "skipped  lib/alone.ts changed: no route uses it"],
    ["pages/api/plain.ts", "reloaded  pages/api/plain.ts changed → /api/plain"],
    [".env", "config  .env is judged by what changes in it"],
  ])("an edit of %s is told in the words of the terminal", async ([file = "", words]) => {
    const project = createProject({ ...files, ".env": "A=1\n" });
    const { stdout } = await ask(project, "explain", file);
    expect(/  an edit +(.*)\n$/.exec(stdout)?.[1]).toBe(words);
  });

  test.for([
    ["lib/alone.ts", "none", "lib/alone.ts changed: no route uses it"],
    [".env", "config", ".env is judged by what changes in it"],
    ["npm-shrinkwrap.json", "config", "npm-shrinkwrap.json is judged by what changes in it"],
  ])("an edit of %s would be %s", async ([file = "", strategy, reason]) => {
    const project = createProject({ ...files, ".env": "A=1\n", "npm-shrinkwrap.json": "{}" });
    expect(await askJson(project, "explain", file)).toMatchObject({ edit: { strategy, reason } });
  });

  test("the threshold of the project counts", async () => {
    const project = createProject({
      ...files,
      "orbiton.config.json": `{ "hmr": { "fullReloadThreshold": 1 } }`,
    });
    expect(await askJson(project, "explain", "lib/db.ts")).toMatchObject({ edit: { strategy: "full" } });
  });
});

/** A plugin that leads names to files as \`paths\` of a tsconfig.json do, which the server asks as well. */
const aliasPlugin = `import path from "node:path";
export default { plugins: [{
  name: "paths",
  configResolved(config) { this.root = config.root; },
  resolveId(id) { return id.startsWith("@/") ? path.join(this.root, "src", id.slice(2) + ".ts") : undefined; },
}] };`;
const aliased = {
  ".gitignore": "node_modules\n",
  "package.json": `{ "type": "module", "dependencies": { "not-installed": "1.0.0" } }`,
  "vite.config.js": aliasPlugin.replaceAll("this.root", "globalThis.ROOT"),
  "src/lib/db.ts": "export const db = 1;\n",
  "src/lib/users.ts": `import { db } from "@/lib/db";\nimport "not-installed";\nimport "node:fs";\nexport const users = () => db;\n`,
  "pages/api/users.ts": `import { users } from "@/lib/users";\nexport const GET = () => Response.json(users());\n`,
};

describe("what only plugins resolve", () => {
  test("is resolved by them, as the server does", async () => {
    const project = createProject(aliased);
    expect(await askJson(project, "affected", "src/lib/db.ts")).toEqual({
      routes: [
        {
          path: "/api/users",
          file: "pages/api/users.ts",
          chain: ["src/lib/db.ts", "src/lib/users.ts", "pages/api/users.ts"],
        },
      ],
      modules: ["pages/api/users.ts", "src/lib/db.ts", "src/lib/users.ts"],
      truncated: false,
      unresolved: [],
    });
  });

  test.each([
    ["a path", `import "@/lib/nowhere";`, "@/lib/nowhere"],
    ["a name that no manifest asks for", `import "lib/nowhere";`, "lib/nowhere"],
    ["a missing file", `export * from "./nowhere";`, "./nowhere"],
    ["a missing file that is loaded late", `export const late = () => import('./nowhere');`, "./nowhere"],
  ])("and nobody else is listed, and makes an answer incomplete: %s", async (_, text, specifier) => {
    const project = createProject({
      ...aliased,
      "vite.config.js": "export default {};",
      "src/lib/users.ts": "export const users = () => 1;\n",
      "pages/api/users.ts": `${text}\nexport const GET = () => new Response();\n`,
    });
    const words = `imports "${specifier}", which neither files nor the plugins of Vite lead to`;
    const affected = await ask(project, "affected", "src/lib/db.ts", "--json");
    expect(affected).toMatchObject({ code: 3, stderr: expect.stringContaining(words) as unknown });
    expect(JSON.parse(affected.stdout)).toMatchObject({ routes: [], truncated: true });
    expect(await ask(project, "graph")).toMatchObject({
      code: 0,
      stderr: expect.stringContaining(words) as unknown,
    });
    expect(await ask(project, "explain", "src/lib/db.ts")).toMatchObject({
      code: 0,
      stderr: expect.stringContaining(words) as unknown,
    });
  });

  test("every document names the place, and `explain` and `affected` say that routes may be missing", async () => {
    const project = createProject({
      ...aliased,
      "vite.config.js": "export default {};",
      "src/lib/users.ts": "export const users = () => 1;\n",
      "pages/api/users.ts": `import "./nowhere";\nexport const GET = () => new Response();\n`,
    });
    const unresolved = [
      {
        file: "pages/api/users.ts",
        line: 1,
        column: 8,
        message: expect.stringContaining(`imports "./nowhere"`) as unknown,
      },
    ];
    const documentOf = async (...words: readonly string[]): Promise<unknown> =>
      JSON.parse((await ask(project, ...words, "--json")).stdout);
    expect(await documentOf("graph")).toMatchObject({ unresolved });
    for (const command of ["affected", "explain"])
      expect(await documentOf(command, "src/lib/db.ts")).toMatchObject({ truncated: true, unresolved });
  });

  test("a deleted file is known to be missing: who imported it is listed as a route and not as a gap", async () => {
    const project = createProject(files);
    rmSync(project.path("lib/db.ts"));
    for (const command of ["affected", "explain"])
      expect(await askJson(project, command, "lib/db.ts")).toMatchObject({
        routes: [{ path: "/api/orders/:id" }, { path: "/api/users" }],
        truncated: false,
        unresolved: [],
      });
  });

  test("and what no route reaches makes no answer incomplete", async () => {
    const project = createProject({ ...aliased, "src/alone.ts": `import "./nowhere";\n` });
    expect(await ask(project, "affected", "src/lib/db.ts")).toMatchObject({ code: 0, stderr: "" });
  });
});

test("where there are no routes, `affected` has no answer, and names the folders that have", async () => {
  const project = createProject({
    "package.json": "{}",
    "apps/web/pages/api/a.ts": "export const GET = () => new Response();\n",
    "apps/admin/src/pages/api/a.ts": "export const GET = () => new Response();\n",
    "lib/db.ts": "export {};\n",
  });
  const { code, stdout, stderr } = await ask(project, "affected", "lib/db.ts");
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toContain("so nothing can be affected. Name one that has with --dir: apps/admin, apps/web.");
});
