import { describe, expect, onTestFinished, test } from "vitest";
import { createProject, route } from "../support/project.ts";
import { serve } from "../support/serve.ts";

const manifest = (name: string, more: object = {}): string =>
  JSON.stringify({ name, version: "1.0.0", ...more });

/** How a route asks for a package. */
const ways: readonly { readonly how: string; readonly route: (specifier: string) => string }[] = [
  { how: "import", route: (specifier) => route("v", `import * as v from "${specifier}";`) },
  { how: "export from", route: (specifier) => `export { v } from "${specifier}";\n${route("1")}` },
  { how: "import()", route: (specifier) => route(`(await import("${specifier}")).v`) },
];

async function detailOf(files: Readonly<Record<string, string>>): Promise<string> {
  const { fetch } = await serve(createProject(files));
  const answer = await fetch("/api/a");
  expect(answer.status).toBe(500);
  return String(answer.json()["detail"]);
}

describe.each(ways)("a package asked for by $how", ({ route: asking }) => {
  test.each([
    ["package-lock.json", "npm install h3"],
    ["npm-shrinkwrap.json", "npm install h3"],
    ["pnpm-lock.yaml", "pnpm add h3"],
    ["yarn.lock", "yarn add h3"],
    ["bun.lock", "bun add h3"],
    ["bun.lockb", "bun add h3"],
  ])("that is not installed is to be installed with the package manager of %s", async (lockfile, command) => {
    const detail = await detailOf({
      "package.json": manifest("app"),
      [lockfile]: "",
      "pages/api/a.ts": asking("h3"),
    });
    expect(detail).toContain(`Cannot find "h3", imported by pages/api/a.ts. Install it: \`${command}\`.`);
  });

  test("of which a part is asked for is installed by its name", async () => {
    const detail = await detailOf({ "pages/api/a.ts": asking("@scope/name/deep/part") });
    expect(detail).toContain("`npm install @scope/name`");
  });

  test("that package.json asks for, but that is not installed, is installed with all of them", async () => {
    const detail = await detailOf({
      "package.json": manifest("app", { devDependencies: { h3: "^2.0.0" } }),
      "pages/api/a.ts": asking("h3"),
    });
    expect(detail).toContain("package.json asks for h3, but it is not installed: `npm install`.");
  });

  test("that throws while it loads is quoted, and not called missing", async () => {
    const detail = await detailOf({
      "node_modules/angry/package.json": manifest("angry", { main: "index.js" }),
      "node_modules/angry/index.js": `throw new TypeError("needs a key");`,
      "pages/api/a.ts": asking("angry"),
    });
    expect(detail).toContain("needs a key");
    expect(detail).not.toMatch(/Cannot find|install|Create/);
  });

  test("that lacks something of its own says what it lacks", async () => {
    const detail = await detailOf({
      "node_modules/lazy/package.json": manifest("lazy", { main: "index.js" }),
      "node_modules/lazy/index.js": `require("./gone");`,
      "pages/api/a.ts": asking("lazy"),
    });
    expect(detail).toContain("./gone");
    expect(detail).not.toMatch(/Cannot find "lazy"|install|Create the file/);
  });

  test.each([
    ["exports", { exports: { ".": "./index.js" } }, '"./part" is not exported'],
    [
      "its files",
      {},
      'Cannot find "plain/part", imported by pages/api/a.ts. plain is installed, but has no such part',
    ],
  ])("that has no such part, by %s, is not to be installed again", async (_, exports, words) => {
    const detail = await detailOf({
      "node_modules/plain/package.json": manifest("plain", exports),
      "node_modules/plain/index.js": "",
      "pages/api/a.ts": asking("plain/part"),
    });
    expect(detail).toContain(words);
    expect(detail).not.toMatch(/npm install|Create the file/);
  });

  test("whose name only an alias can have asks for one", async () => {
    const detail = await detailOf({ "pages/api/a.ts": asking("@/lib/db") });
    expect(detail).toContain('No alias leads there: correct the import, or add one to "resolve.alias"');
    expect(detail).not.toMatch(/npm install|Create the file/);
  });
});

test("a package that Node does not load a second time is said to need a restart, once that has been seen", async () => {
  const project = createProject({
    "node_modules/keyed/package.json": manifest("keyed", { type: "module", main: "index.js" }),
    "node_modules/keyed/index.js": `if (!globalThis.ORBIT_KEY) throw new Error("needs a key");`,
    "pages/api/a.ts": route("1", `import "keyed";`),
  });
  const { fetch } = await serve(project);
  const first = (await fetch("/api/a")).json();
  expect(first).toMatchObject({ line: 1, column: 8 });
  expect(first["detail"]).toContain('"keyed" threw while it was loaded: needs a key');
  Object.assign(globalThis, { ORBIT_KEY: true });
  onTestFinished(() => void Reflect.deleteProperty(globalThis, "ORBIT_KEY"));
  project.write("pages/api/a.ts", route("2", `import "keyed";`));
  expect((await fetch("/api/a")).json()["detail"]).toBe(
    '"keyed" threw while it was loaded: needs a key. Node does not load it again in this process: restart.',
  );
});
