import { readFileSync, writeFileSync } from "node:fs";
import type { DevEnvironment, Plugin } from "vite";
import { expect, test } from "vitest";
import { directTextsOf } from "../../../src/vite/direct-texts.ts";
import { ENVIRONMENT } from "../../../src/protocol/environment-name.ts";
import { createProject } from "../support/project.ts";
import type { Project } from "../support/project.ts";
import { serve } from "../support/serve.ts";
import type { Served } from "../support/serve.ts";

/** Every text imports the same: what those lead to is known. */
const HEAD = `import { other } from "./other";\nimport type { Shape } from "./shape";\n`;
const BEFORE = `${HEAD}export const before: number = other;\n`;

const TEXTS: Readonly<Record<string, string>> = {
  "a changed value": `${HEAD}export const after: number = other + 1;\n`,
  "types and interfaces": `${HEAD}interface A { a: Shape }\nexport function f(this: void, a?: A, ...rest: string[]): asserts a is A { void [a!, rest as unknown, <A>a, other satisfies number]; }\n`,
  enums: `${HEAD}export enum Color { Red = 1, Blue = other }\nexport const enum Flat { A = "a" }\nexport const c = [Color.Red, Flat.A];\n`,
  namespaces: `${HEAD}export namespace N { export const q = other; export namespace M { export type T = 1 } }\nexport declare namespace D {}\n`,
  "parameter properties and abstract classes": `${HEAD}export abstract class A<T> { declare x: T; constructor(private readonly a: number = other, public b?: T) {} abstract m(): void; }\n`,
  "class fields": `${HEAD}export class A { static #s = other; #p = 1; x?: string; readonly y!: number; static { A.#s++; } get p() { return this.#p + A.#s; } }\n`,
  "export everything": `${HEAD}export * from "./other";\nexport * as all from "./other";\nexport { other as again } from "./other";\nvoid other;\n`,
  "a default export": `${HEAD}export default class<T> { value: T | undefined = undefined; n = other }\n`,
  "a default function": `${HEAD}export default async function* named<T>(x: T) { yield [x, other]; }\n`,
  "top-level await": `${HEAD}export const late: number = await Promise.resolve(other);\n`,
  "Windows lines": `${HEAD}export const a = other;\nexport const b: string = "x";\n`.replaceAll("\n", "\r\n"),
  "a byte order mark": `\uFEFF${HEAD}export const a = other;\n`,
  "other scripts": `${HEAD}export const größe: string = "ß 𝒳 \u2028", ключ = other;\n`,
  comments: `// first\n${HEAD}/** doc */ export const a = /* in */ other; // last\n// import.meta and import("x") are only words here\n`,
  templates: `${HEAD}export const t = \`a \${other} \\u{1F600} \${\`b \${other}\`}\`;\n`,
  "new syntax": `${HEAD}let a: number | undefined; a ??= other; export const b = a?.toFixed?.(1) ?? 2 ** 3; export const r = /(?<y>a)/dgv; export { a as "a name" };\n`,
  "satisfies, as const, overloads": `${HEAD}export function f(a: 1): 1;\nexport function f(a: 2): 2;\nexport function f(a: any) { return a; }\nexport const o = { a: other } as const satisfies object;\n`,
  "an import that only types use": `${HEAD}import { other as Typed } from "./other";\nexport const a = other as typeof Typed;\n`,
};

test.each(Object.entries(TEXTS))(
  "%s: an edited text is what Vite makes of it, read without Vite",
  async (_, text) => {
    const files = {
      "lib/other.ts": "export const other = 1;",
      "lib/shape.ts": "export type Shape = 1;",
      "tsconfig.json": `{ "compilerOptions": { "experimentalDecorators": true, "target": "esnext" } }`,
    };
    for (const name of ["lib/a.ts", "lib/a.tsx"]) {
      // What is in angle brackets is JSX here.
      if (name.endsWith("x") && /<(?:A|T)>/.test(text)) continue;
      const project = createProject({ ...files, [name]: BEFORE });
      const { direct, passed } = await readBoth(project, name, text);
      expect(direct).toEqual(passed);
    }
  },
);

test("decorators: what the compiler imports for them is known from the text before", async () => {
  const text = `${HEAD}function d(...args: unknown[]): any { return args[0]; }\n@d export class A { @d m() { return other; } @d p = 1; }\n`;
  const project = createProject({
    "lib/other.ts": "export const other = 1;",
    "lib/shape.ts": "export type Shape = 1;",
    "tsconfig.json": `{ "compilerOptions": { "experimentalDecorators": true } }`,
    "lib/a.ts": text,
  });
  const { direct, passed } = await readBoth(project, "lib/a.ts", text.replace("p = 1", "q = 2"));
  expect(direct).toEqual(passed);
});

test.each([
  ["JSX", "a.tsx", `${HEAD}export const a = <p id="x" {...{ other }}>{other}<></></p>;\n`],
  [
    "JavaScript",
    "a.js",
    `import { other } from "./other"; export const after = other;\n\nexport default { other };\n`,
  ],
  [
    "JavaScript in a module",
    "a.mjs",
    `import { other } from "./other";\nexport const after = () => other;\n`,
  ],
  ["TypeScript in a module", "a.mts", `${HEAD}export const after = (): number => other;\n`],
  ["JSX without types", "a.jsx", `import { other } from "./other";\nexport const a = <b>{other}</b>;\n`],
])("%s is read without Vite as well", async (_, name, text) => {
  const jsx = `import { other } from "./other";\nexport const a = <i>{other}</i>;\n`;
  const plain = `import { other } from "./other";\nexport const before = other;\n`;
  const project = createProject({
    "lib/other.ts": "export const other = 1;",
    "lib/shape.ts": "export type Shape = 1;",
    "tsconfig.json": `{ "compilerOptions": { "jsx": "react-jsx", "jsxImportSource": "hono" } }`,
    "node_modules/hono/package.json": `{ "name": "hono", "exports": { "./*": "./index.js" } }`,
    "node_modules/hono/index.js": "export const jsxDEV = () => {}, Fragment = 1;",
    [`lib/${name}`]: name.endsWith("x") ? jsx.replace("<i>", "<><i>").replace("</i>", "</i></>") : plain,
  });
  const { direct, passed } = await readBoth(project, `lib/${name}`, text);
  expect(direct).toEqual(passed);
});

test.each([
  ["import.meta", `export const a = [other, import.meta.url];`],
  ["a dynamic import", `export const a = async () => [other, await import("./other")];`],
  ["another import", `import { more } from "./more"; export const a = [other, more];`],
  ["an import less", `export const a = 1;`],
  [
    "an import with attributes",
    `import data from "./data.json" with { type: "json" }; export const a = [other, data];`,
  ],
  ["a name that the config defines", `export const a = [other, __VERSION__];`],
  ["a text that does not parse", `export const a = other + ;`],
])("%s is left to Vite", async (_, text) => {
  const project = createProject({
    "lib/other.ts": "export const other = 1;",
    "lib/more.ts": "export const more = 1;",
    "lib/shape.ts": "export type Shape = 1;",
    "lib/data.json": "{}",
    "lib/a.ts": BEFORE,
  });
  const served = await serve(project, { watch: false, config: { define: { __VERSION__: "'1'" } } });
  expect(await readDirectly(served, project, "lib/a.ts", HEAD + text)).toBeUndefined();
});

const changing = (hook: Partial<Plugin>): Plugin => ({ name: "vite:foreign", ...hook });

test.each<[string, Plugin, boolean]>([
  ["changes every text", changing({ transform: (code) => `${code}\n/* seen */` }), false],
  ["may change every text", changing({ transform: () => null }), false],
  ["loads what it likes", changing({ load: () => null }), false],
  ["is for other files", changing({ transform: { filter: { id: /\.vue$/ }, handler: () => null } }), true],
  ["is for other texts", changing({ transform: { filter: { code: "i18n(" }, handler: () => null } }), true],
  ["is for such files", changing({ transform: { filter: { id: /\.ts$/ }, handler: () => null } }), false],
  ["is for such texts", changing({ transform: { filter: { code: /after/ }, handler: () => null } }), false],
  [
    "is for a glob of files",
    changing({ transform: { filter: { id: "**/*.ts" }, handler: () => null } }),
    false,
  ],
  [
    "is for the browser",
    changing({ applyToEnvironment: ({ name }) => name === "client", transform: () => null }),
    true,
  ],
])("a plugin that %s keeps its turn", async (_, plugin, isDirect) => {
  const project = createProject({
    "lib/other.ts": "export const other = 1;",
    "lib/shape.ts": "export type Shape = 1;",
    "lib/a.ts": BEFORE,
  });
  const served = await serve(project, { watch: false, config: { plugins: [plugin] } });
  const text = await readDirectly(
    served,
    project,
    "lib/a.ts",
    `${HEAD}export const after: number = other;\n`,
  );
  expect(text !== undefined).toBe(isDirect);
});

function environmentOf({ server }: Served): DevEnvironment {
  const environment = server.environments[ENVIRONMENT];
  if (environment === undefined) throw new Error("Vite has no environment for server modules.");
  return environment;
}

async function readDirectly(
  served: Served,
  project: Project,
  name: string,
  text: string,
): Promise<{ readonly code: string; readonly map: unknown } | undefined> {
  const environment = environmentOf(served);
  const texts = directTextsOf(environment);
  const before = await environment.transformRequest(`/${name}`);
  texts.notePassed(project.path(name), before?.code ?? "");
  writeFileSync(project.path(name), text);
  return texts.read(project.path(name), (file) => readFileSync(file, "utf8"));
}

/** The text of a file after an edit, as it is read directly and as another server reads it. */
async function readBoth(
  project: Project,
  name: string,
  text: string,
): Promise<{ readonly direct: unknown; readonly passed: unknown }> {
  const direct = await readDirectly(await serve(project, { watch: false }), project, name, text);
  const other = await serve(project, { watch: false });
  const result = await environmentOf(other).transformRequest(`/${name}`);
  const map =
    result?.map !== null && result?.map !== undefined && "sources" in result.map ? result.map : undefined;
  const { mappings, sources } = map ?? {};
  return {
    direct: direct && { code: direct.code, map: direct.map },
    passed: { code: result?.code, map: map && { mappings, sources } },
  };
}
