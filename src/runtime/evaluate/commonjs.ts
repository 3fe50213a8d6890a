import { createRequire, Module } from "node:module";
import type { Snapshot } from "../model/context.ts";
import { exportNames, readExport } from "../model/exports.ts";
import type { Generation } from "../model/generation.ts";
import type { ModuleRecord } from "../model/module-record.ts";
import { markedNamespace } from "../model/namespace.ts";
import { isObjectLike } from "../../values/kinds.ts";

/**
 * Make a CommonJS file's exports importable, as Node does: `default` is `module.exports`, whatever that holds, and a name
 * is what it is when the file has run. Node guesses the names from the text; here all are known.
 */
export function exposeCommonJs({ locals }: Generation, exports: unknown): void {
  locals.clear();
  locals.set("default", () => exports);
  if (EXPORTS_WHOLE) locals.set(WHOLE, () => exports);
  if (!isObjectLike(exports) || Array.isArray(exports) || ArrayBuffer.isView(exports)) return;
  for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(exports))) {
    const isNamed = property.enumerable === true || name === "__esModule";
    if (!isNamed || locals.has(name)) continue;
    const { value } = property;
    locals.set(name, "value" in property ? () => value as unknown : () => Reflect.get(exports, name));
  }
}

/** What `require` answers: `module.exports`; of an ES module what it exports by that name, or else all that it exports. */
export function requiredValue(module: ModuleRecord, snapshot: Snapshot): unknown {
  const generation = snapshot.generationOf(module);
  if (generation === undefined) return undefined;
  if (generation.source.compiled.format === "commonjs") return generation.locals.get("default")?.();
  const names = exportNames(generation, snapshot);
  if (names.has(WHOLE)) return readExport(generation, WHOLE, snapshot);
  // Tools that turn modules into scripts mark them so, and look for the mark.
  const isMarked = names.has("default") && !names.has("__esModule");
  return isMarked ? markedNamespace(module) : module.namespace;
}

/** By this name a module says what all of it is to scripts. */
const WHOLE = "module.exports";

/** From this version on, Node exports `module.exports` under its own name as well. */
const EXPORTS_WHOLE = Number.parseInt(process.versions.node, 10) >= 23;

const moduleObjects = new WeakMap<Generation, NodeJS.Module>();

/** `module` as the text of a CommonJS file has it. */
export function createCommonJsModule(generation: Generation, require: NodeJS.Require): NodeJS.Module {
  const { file, id } = generation.module;
  const name = file ?? id;
  const module = Object.assign(new Module(name), {
    filename: name,
    paths: createPaths(name),
    require,
  });
  moduleObjects.set(generation, module);
  return module;
}

/** `module` of a generation, if it is one of a CommonJS file. */
export function moduleObjectOf(generation: Generation | undefined): NodeJS.Module | undefined {
  return generation && moduleObjects.get(generation);
}

/** Where Node looks for packages. */
function createPaths(file: string): string[] {
  return createRequire(file).resolve.paths("package") ?? [];
}

/**
 * `require.cache`: what Node has loaded, and the project's own files as they are live. To delete one of them does nothing:
 * an edit is all it takes for a file to run again.
 */
export function createCache(
  native: NodeJS.Dict<NodeJS.Module>,
  find: (file: string) => NodeJS.Module | undefined,
): NodeJS.Dict<NodeJS.Module> {
  return new Proxy(native, {
    get: (target, key) => (typeof key === "string" ? find(key) : undefined) ?? Reflect.get(target, key),
    has: (target, key) => (typeof key === "string" && find(key) !== undefined) || Reflect.has(target, key),
  });
}
