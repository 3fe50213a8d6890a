import { type CornerCase, fromRoute, route } from "./corner-case.ts";

const types = "export type T = string; export interface U { t: T } export class C {} export const c = 1;";
const tsconfig = (compilerOptions: object, extended?: string) =>
  JSON.stringify({ ...(extended === undefined ? {} : { extends: extended }), compilerOptions });

/** What TypeScript erases is no edge, and what it keeps is one. */
export const typeCases: readonly CornerCase[] = [
  {
    law: "imports and re-exports that say type are none",
    files: {
      [route]: `
        import type { T } from "../../a.ts";
        import type * as all from "../../b.ts";
        import type D from "../../c.ts";
        import { type T as T2, type U } from "../../d.ts";
        export type { T as T3 } from "../../e.ts";
        export type * from "../../f.ts";
        export type * as types from "../../g.ts";
        import type Old = require("../../h.ts");
        export const x: T | all.T | D | T2 | U | Old = 1 as never;`,
      "a.ts": types,
      "b.ts": types,
      "c.ts": "export default class {}",
      "d.ts": types,
      "e.ts": types,
      "f.ts": types,
      "g.ts": types,
      "h.ts": "class H {} export = H;",
    },
    edges: [],
  },
  {
    law: "imports that are used as types only, or not at all, are none",
    files: {
      [route]: `
        import { C } from "../../a.ts";
        import { c } from "../../b.ts";
        import { c as unused } from "../../c.ts";
        import D, { type T } from "../../d.ts";
        import * as all from "../../e.ts";
        import { U } from "../../f.ts";
        export let x: C, y: typeof c, z: D | T | all.U;
        export class Y implements U { t = ""; declare c: C; m<X extends C>(this: X) { return {} as unknown as C satisfies unknown } }`,
      "a.ts": types,
      "b.ts": types,
      "c.ts": types,
      "d.ts": `${types} export default C;`,
      "e.ts": types,
      "f.ts": types,
    },
    edges: [],
  },
  {
    law: "one value among types keeps the import",
    files: {
      [route]: `
        import { type T, c } from "../../a.ts";
        import { C, T as Other } from "../../b.ts";
        import D, { type U } from "../../c.ts";
        import * as all from "../../d.ts";
        import { c as shorthand } from "../../e.ts";
        import { C as Base } from "../../f.ts";
        export class X extends Base { x: T | Other | U = [c, new C(), D, all.c, { shorthand }] as never }`,
      "a.ts": types,
      "b.ts": types,
      "c.ts": `${types} export default C;`,
      "d.ts": types,
      "e.ts": types,
      "f.ts": types,
    },
    edges: fromRoute("a.ts", "b.ts", "c.ts", "d.ts", "e.ts", "f.ts"),
  },
  {
    law: "names that shadow an import do not use it",
    files: {
      [route]: `
        import { c } from "../../a.ts";
        import { c as d } from "../../b.ts";
        export function f(c: number) { return c }
        export const o = { d: 1 }; o.d;
        export type X = typeof c | typeof d;`,
      "a.ts": types,
      "b.ts": types,
    },
    edges: [],
  },
  {
    law: "types imported in type positions are none",
    files: {
      [route]: `
        export let x: import("../../a.ts").T;
        export let y: typeof import("../../b.ts");
        declare module "../../c.ts" { interface U { more: 1 } }
        declare global { var z: import("../../d.ts").C }`,
      "a.ts": types,
      "b.ts": types,
      "c.ts": types,
      "d.ts": types,
    },
    edges: [],
  },
  {
    law: "the word type as a name is no modifier",
    files: {
      [route]: `
        import type from "../../a.ts";
        import { type as renamed } from "../../b.ts";
        import type2, { c } from "../../c.ts";
        import { type as as } from "../../d.ts";
        import type type3 from "../../e.ts";
        import { type type as type4 } from "../../f.ts";
        export const x = [type, renamed, type2, c] satisfies unknown as type3 | type4;`,
      "a.ts": "export default 1;",
      "b.ts": "export const type = 1;",
      "c.ts": "export default 1; export const c = 1;",
      "d.ts": "export type as = 1;",
      "e.ts": "export default class {}",
      "f.ts": "export type type = 1;",
    },
    edges: fromRoute("a.ts", "b.ts", "c.ts"),
  },
  {
    law: "an export that does not say type keeps its import, whatever it is",
    files: {
      [route]: `
        export { T } from "../../a.ts";
        import { T as Imported } from "../../b.ts";
        export { Imported };
        import { U } from "../../c.ts";
        export type { U };
        import { C } from "../../d.ts";
        export { type C };
        import { c } from "../../e.ts";
        export default c;`,
      "a.ts": "export class T {}",
      "b.ts": "export class T {}",
      "c.ts": types,
      "d.ts": types,
      "e.ts": types,
    },
    edges: fromRoute("a.ts", "b.ts", "e.ts"),
  },
  {
    law: "a re-export whose every name says type is none",
    files: { [route]: `export { type U, type T as V } from "../../a.ts";`, "a.ts": types },
    edges: [],
    differs: { esbuild: "keeps the empty re-export; Vite's transformer, which the server runs, drops it" },
  },
  {
    law: "an import for its effects stays",
    files: {
      [route]: `import "../../a.ts"; export {} from "../../b.ts";`,
      "a.ts": types,
      "b.ts": types,
    },
    edges: fromRoute("a.ts", "b.ts"),
  },
  {
    law: "an import with empty braces stays",
    files: { [route]: `import {} from "../../a.ts";`, "a.ts": types },
    edges: fromRoute("a.ts"),
    differs: { esbuild: "drops it as unused; Vite's transformer, which the server runs, keeps it" },
  },
  {
    law: "verbatimModuleSyntax keeps what does not say type in front",
    files: {
      "tsconfig.json": tsconfig({ verbatimModuleSyntax: true }),
      [route]: `
        import type { T } from "../../a.ts";
        import { type U } from "../../b.ts";
        import { c } from "../../c.ts";
        import { C } from "../../d.ts";
        export type { T as T2 } from "../../e.ts";
        export let x: T | U | C;`,
      "a.ts": types,
      "b.ts": types,
      "c.ts": types,
      "d.ts": types,
      "e.ts": types,
    },
    edges: fromRoute("b.ts", "c.ts", "d.ts"),
  },
  {
    law: "each folder's nearest tsconfig says whether imports are verbatim, through extends too",
    files: {
      "base.json": tsconfig({ verbatimModuleSyntax: true }),
      "tsconfig.json": tsconfig({}, "./base.json"),
      "lib/tsconfig.json": tsconfig({ verbatimModuleSyntax: false }, "../base.json"),
      [route]: `import { T } from "../../lib/a.ts"; export let x: T;`,
      "lib/a.ts": `import { C } from "../c.ts"; export type T = C;`,
      "c.ts": types,
    },
    edges: fromRoute("lib/a.ts"),
  },
  {
    law: "import x = require is one if x is a value",
    files: {
      [route]: `
        import a = require("../../a.cts");
        import b = require("../../b.cts");
        export import c = require("../../c.cts");
        import unused = require("../../d.cts");
        console.log(a);
        export let x: typeof b;`,
      "a.cts": "export = 1;",
      "b.cts": "export = 1;",
      "c.cts": "export = 1;",
      "d.cts": "export = 1;",
    },
    edges: fromRoute("a.cts", "c.cts"),
    differs: { esbuild: "leaves an unused one to tree shaking, which is off here" },
  },
  {
    law: "an alias of an imported namespace is a use of the import",
    files: {
      [route]: `import { N } from "../../a.ts"; import A = N.value; export const x = A;`,
      "a.ts": "export namespace N { export const value = 1 }",
    },
    edges: fromRoute("a.ts"),
  },
  {
    law: "an alias that is used as a type is no use of the import",
    files: {
      [route]: `import { N } from "../../a.ts"; import A = N.Type; export let x: A;`,
      "a.ts": "export namespace N { export type Type = number; export const value = 1 }",
    },
    edges: [],
    differs: { esbuild: "leaves an unused alias to tree shaking, which is off here" },
  },
  {
    law: "enums and namespaces use what their values use",
    files: {
      [route]: `
        import { c } from "../../a.ts";
        import { c as d } from "../../b.ts";
        import { U } from "../../c.ts";
        export enum E { A = c }
        export namespace N { export const x = d }
        export namespace Types { export type X = U }
        declare namespace Declared { const x: U }
        export abstract class K { declare x: U; constructor(private y?: U) {} abstract z: U }
        export declare const k: U;`,
      "a.ts": types,
      "b.ts": types,
      "c.ts": types,
    },
    edges: fromRoute("a.ts", "b.ts"),
  },
  {
    law: "a class that decorators describe at run time keeps the types of its constructor",
    files: {
      "tsconfig.json": tsconfig({ experimentalDecorators: true, emitDecoratorMetadata: true }),
      [route]: `
        import { inject } from "../../a.ts";
        import { C } from "../../b.ts";
        import { U } from "../../c.ts";
        @inject() export class Service { constructor(readonly c: C) {} }
        export class Plain { constructor(readonly u: U) {} }`,
      "a.ts": "export const inject = () => () => {};",
      "b.ts": types,
      "c.ts": types,
    },
    edges: fromRoute("a.ts", "b.ts"),
    differs: { esbuild: "does not implement emitDecoratorMetadata" },
  },
  {
    law: "JavaScript files keep imports nobody uses",
    files: {
      [route]: `import "../../plain.js"; import "../../view.jsx"; import "../../module.mjs"`,
      "plain.js": `import { c } from "./a.ts";`,
      "view.jsx": `import { c } from "./b.ts";`,
      "module.mjs": `import { c } from "./c.ts";`,
      "a.ts": types,
      "b.ts": types,
      "c.ts": types,
    },
    edges: [
      ...fromRoute("plain.js", "view.jsx", "module.mjs"),
      "plain.js -> a.ts",
      "view.jsx -> b.ts",
      "module.mjs -> c.ts",
    ],
  },
];
