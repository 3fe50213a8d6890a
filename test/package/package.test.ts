import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Program, run } from "../cli/orbiton.ts";
import { packageRoot, Project } from "../cli/project.ts";

// What users install: the packed package in an empty Vite project.

const folder = realpathSync(mkdtempSync(join(tmpdir(), "orbit-package-")));
const project = new Project(join(folder, "project"));
const tarball = (): string => join(folder, readdirSync(folder).find((name) => name.endsWith(".tgz")) ?? "");
const npm = process.platform === "win32" ? "npm.cmd" : "npm";
const installed = (bin: string): string => join(packageRoot, "node_modules/.bin", bin);

beforeAll(async () => {
  await succeed([npm, "pack", "--ignore-scripts", "--pack-destination", folder], packageRoot);
  project.write("package.json", JSON.stringify({ private: true, type: "module" }));
  project.write("index.html", "<h1>Hello</h1>");
  project.write(
    "vite.config.ts",
    `import { apiRoutes } from "orbit-hmr/vite";
import { defineConfig } from "vite";

export default defineConfig({ plugins: [apiRoutes({ hmr: { debounceMs: 20 } })] });
`,
  );
  project.write(
    "pages/api/counter/[by].ts",
    `import type { RouteHandler } from "orbit-hmr";
import { createStatefulHandler } from "orbit-hmr/state";

const counter = createStatefulHandler({ count: 0 });

export const POST: RouteHandler<{ by: string }> = (_request, { params }) => {
  const { count } = counter.updateState((previous) => ({ count: previous.count + Number(params.by) }));
  return Response.json({ count, unit: "apples" });
};
`,
  );
  // Vite comes from here: it is this package's own dependencies whose installation is tried.
  const quietly = ["--prefer-offline", "--no-audit", "--no-fund", "--legacy-peer-deps"];
  await succeed([npm, "install", ...quietly, tarball()], project.root);
  mkdirSync(project.path("node_modules"), { recursive: true });
  for (const name of ["vite", "@types"]) {
    symlinkSync(join(packageRoot, "node_modules", name), project.path(`node_modules/${name}`), "junction");
  }
}, 120_000);

afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

test("a Vite project answers from the route, and an edit keeps its state", async () => {
  const server = new Program([process.execPath, "node_modules/vite/bin/vite.js", "--port", "0"], {
    cwd: project.root,
  });
  const [url] = await server.prints(/http:\/\/localhost:\d+\//);
  const add = async (): Promise<unknown> => (await fetch(`${url}api/counter/2`, { method: "POST" })).json();
  await expect(add()).resolves.toEqual({ count: 2, unit: "apples" });
  project.edit("pages/api/counter/[by].ts", "apples", "pears");
  await expect(add()).resolves.toEqual({ count: 4, unit: "pears" });
  const page = await fetch(url);
  await expect(page.text()).resolves.toContain("<h1>Hello</h1>");
});

test.each(["orbiton", "orbit-hmr"])("`npx %s dev` serves it as well", async (bin) => {
  const server = new Program(
    [project.path(`node_modules/.bin/${bin}`), "dev", "--port", "0", "--json", "--no-state"],
    {
      cwd: project.root,
      shell: process.platform === "win32",
    },
  );
  const [url] = await server.prints(/http:\/\/localhost:\d+\//);
  const response = await fetch(`${url}api/counter/1`, { method: "POST" });
  await expect(response.json()).resolves.toMatchObject({ count: 1 });
});

test.each([
  ["orbiton dev", ["dev", "--port", "0"]],
  ["orbiton affected", ["affected", "pages/api/counter/[by].ts"]],
])("a Vite that lacks what is needed is refused in one sentence by %s", async (_name, args) => {
  const old = new Project(join(folder, `old-${args[0]}`));
  const isLinked = /node_modules[\\/](?:vite|@types)$/;
  cpSync(project.path("node_modules"), old.path("node_modules"), {
    recursive: true,
    filter: (file) => !isLinked.test(file),
  });
  old.write(
    "node_modules/vite/package.json",
    `{ "type": "module", "version": "7.3.8", "exports": { ".": "./index.js", "./package.json": "./package.json" } }`,
  );
  old.write("node_modules/vite/index.js", `export const version = "7.3.8";`);
  old.write("pages/api/counter/[by].ts", "export const GET = () => new Response();");
  expect(
    await run([process.execPath, old.path("node_modules/orbit-hmr/dist/cli/orbiton.js"), ...args], old.root),
  ).toEqual({
    code: 1,
    stdout: "",
    stderr:
      "error orbit-hmr needs Vite ^8.0.16, and this project has Vite 7.3.8: npm install --save-dev vite@^8.0.16\n",
  });
});

/** Node as it would be if it were older: it lacks the condition, and what Vite imports of it. */
const olderNode = [
  process.execPath,
  "--no-experimental-require-module",
  "--import",
  `data:text/javascript,${encodeURIComponent('Object.defineProperty(process.versions, "node", { value: "18.20.4" });')}`,
];

test.each([
  ["the plugin", ["--input-type=module", "--eval", `import "orbit-hmr/vite";`]],
  [
    "a server of one's own",
    [
      "--input-type=module",
      "--eval",
      `import { createDevServer } from "orbit-hmr"; await createDevServer();`,
    ],
  ],
  ["orbiton dev", ["node_modules/orbit-hmr/dist/cli/orbiton.js", "dev"]],
  ["orbiton affected", ["node_modules/orbit-hmr/dist/cli/orbiton.js", "affected", "package.json"]],
])("a Node that is too old is told in one sentence what is needed: %s", async (name, args) => {
  const old = new Project(join(folder, `old-node-${name.replaceAll(/\W/g, "-")}`));
  const isVite = /node_modules[\\/](?:vite|@types)$/;
  cpSync(project.path("node_modules"), old.path("node_modules"), {
    recursive: true,
    filter: (file) => !isVite.test(file),
  });
  old.write("node_modules/vite/package.json", `{ "type": "module", "exports": "./index.js" }`);
  old.write("node_modules/vite/index.js", `import { nothingOfThisName } from "node:util";`);
  const { code, stdout, stderr } = await run([...olderNode, ...args], old.root);
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toMatch(
    /^(?:error |OrbitError: \[orbit\] )orbit-hmr needs Node 20\.19 or 22\.12 and newer; this is Node 18\.20\.4: https:\/\/nodejs\.org$/m,
  );
});

test("the plugin is the same, however it is found, and can be required", async () => {
  const same = `import * as known from "orbit-hmr/vite"; import { createRequire } from "node:module";
    const other = await import(new URL("node_modules/orbit-hmr/dist/vite/index-on-any-node.js", "file:///" + process.cwd() + "/"));
    const required = createRequire(process.cwd() + "/")("orbit-hmr/vite");
    const names = Object.keys(known);
    console.log(names.join(), [other, required].every((each) => Object.keys(each).join() === names.join() && each.apiRoutes === known.apiRoutes));`;
  await expect(
    run([process.execPath, "--input-type=module", "--eval", same], project.root),
  ).resolves.toMatchObject({ code: 0, stdout: "apiRoutes true\n" });
});

test("the types fit a project that checks everything", async () => {
  project.write(
    "tsconfig.json",
    JSON.stringify({
      compilerOptions: {
        target: "es2023",
        module: "nodenext",
        lib: ["es2023", "dom"],
        types: ["node"],
        strict: true,
        noEmit: true,
      },
      include: ["pages", "vite.config.ts"],
    }),
  );
  await expect(run([installed("tsc"), "-p", project.root])).resolves.toMatchObject({ code: 0, stdout: "" });
});

test("only what runs is packed", () => {
  const files = readdirSync(project.path("node_modules/orbit-hmr"), { recursive: true, encoding: "utf8" });
  const isExpected =
    /^(?:package\.json|README\.md|LICENSE|CHANGELOG\.md|dist(?:\/[a-z0-9/-]+(?:\.d\.ts|\.js|\.css)?)?)$/;
  expect(files.map((file) => file.replaceAll("\\", "/")).filter((file) => !isExpected.test(file))).toEqual(
    [],
  );
});

test("what is bundled for the panel has its licences with it", () => {
  const client = "node_modules/orbit-hmr/dist/client";
  expect(readFileSync(project.path(`${client}/panel.js`), "utf8")).toMatch(/^\/\*! preact\nThe MIT License/);
  const graph = readFileSync(project.path(`${client}/panel-graph.js`), "utf8");
  expect(graph).toMatch(/^\/\*! cytoscape[\s\S]{0,100}The Cytoscape Consortium/);
});

test("publint has nothing to say", async () => {
  const bytes = readFileSync(tarball());
  const { messages, pkg } = await publint({
    pack: { tarball: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) },
    strict: true,
  });
  expect(messages.map((message) => formatMessage(message, pkg ?? {}))).toEqual([]);
});

test("every entry has types that resolve as its code does", async () => {
  const attw = run([installed("attw"), tarball(), "--profile", "esm-only"]);
  await expect(attw).resolves.toMatchObject({ code: 0 });
});

/** Run what has to succeed for the tests to mean anything. */
async function succeed(command: readonly string[], cwd: string): Promise<void> {
  const { code, stdout, stderr } = await run(command, cwd);
  if (code !== 0) throw new Error(`${command.join(" ")} ended with ${code}:\n${stdout}${stderr}`);
}
