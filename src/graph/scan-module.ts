import { parse } from "es-module-lexer";
import type { DynamicImport } from "es-module-lexer";
import { globOfModule } from "./glob-requests.ts";
import { ImportCollector } from "./module-imports.ts";
import type { GlobRequest, ImportRequest, ModuleImports, OpaqueImport } from "./module-imports.ts";
import { readSyntaxImports } from "./syntax-imports.ts";
import type { OpaqueCall } from "./syntax-imports.ts";
import { child, children, stringValue } from "../syntax/nodes.ts";
import type { Node } from "../syntax/nodes.ts";

export { init as readyToScan } from "es-module-lexer";

/** A module's text, and what is needed to read it. */
export interface ModuleText {
  /** JavaScript without types, JSX and comments. */
  readonly code: string;
  /** The source as written; reported positions refer to it. */
  readonly written: string;
  /**
   * The syntax trees of both texts. Asked for only where the lexer cannot tell; `undefined` to do without, or when the
   * text does not parse.
   */
  readonly parse?: ((text: "code" | "written") => Node | undefined) | undefined;
}

/** Constructs that need a syntax tree to find all imports. */
const NEEDS_SYNTAX =
  /\brequire\b|\bcreateRequire\b|\bimport\.meta\.glob\b|\bnew URL\([^;]*\bimport\.meta\.url\b/;

/** Read what a module asks for. Throws when the text cannot be lexed. */
export function scanModule(text: ModuleText): ModuleImports {
  const into = new ImportCollector();
  const [imports] = parse(text.code);
  const dynamic = imports.filter((each) => each.type === "dynamic");
  for (const each of imports) {
    if (each.type === "static" || each.type === "reexport-star") into.request("static", each.specifier);
  }
  const isComputed = dynamic.some(isOpen);
  const program = isComputed || NEEDS_SYNTAX.test(text.code) ? text.parse?.("code") : undefined;
  if (program) {
    const calls = readSyntaxImports(program, into);
    return { requests: into.requests, globs: into.globs, opaque: calls.length === 0 ? [] : placesOf(text) };
  }
  for (const each of dynamic) {
    if (each.specifier === undefined || isOpen(each)) continue;
    if (each.glob) into.glob(globOfModule(each.specifier.split("*")));
    else into.request("dynamic", each.specifier);
  }
  const opaque = isComputed ? lexedPlacesOf(text.written) : [];
  return { requests: into.requests, globs: into.globs, opaque };
}

/** All that a text asks for by names that can be read, from its syntax alone. */
export function importsInSyntax(program: Node): readonly ImportRequest[] {
  const into = new ImportCollector();
  for (const statement of children(program, "body")) {
    const specifier = stringValue(child(statement, "source"));
    const isType = statement["importKind"] === "type" || statement["exportKind"] === "type";
    if (specifier !== undefined && !isType) into.request("static", specifier);
  }
  readSyntaxImports(program, into);
  return into.requests;
}

/** What says that a text may hold patterns. */
const MAY_HOLD_GLOBS = /\bimport\.meta\.glob\b|\bimport\s*\((?!\s*["'])/;

/**
 * Read only what a text asks for by patterns, as it is written. Hardly any text does: `parse` is called for one that may.
 */
export function globsOfText(written: string, parseText: () => Node | undefined): readonly GlobRequest[] {
  const program = MAY_HOLD_GLOBS.test(written) ? parseText() : undefined;
  if (program === undefined) return [];
  const into = new ImportCollector();
  readSyntaxImports(program, into);
  return into.globs;
}

/** Whether the lexer cannot tell what is imported: no name, or one without a folder in front of its first hole. */
function isOpen({ specifier, glob }: Pick<DynamicImport, "specifier" | "glob">): boolean {
  return specifier === undefined || (glob && !specifier.split("*", 1)[0]?.includes("/"));
}

/** Where the written text has the requests that cannot be read. */
function placesOf({ written, parse: parseText }: ModuleText): readonly OpaqueImport[] {
  const program = parseText?.("written");
  const calls: readonly OpaqueCall[] = program ? readSyntaxImports(program, new ImportCollector()) : [];
  return places(written, calls.length > 0 ? calls : [{ call: "import", start: 0 }]);
}

function lexedPlacesOf(written: string): readonly OpaqueImport[] {
  return places(
    written,
    lexed(written).flatMap((each) =>
      each.type === "dynamic" && isOpen(each) ? [{ call: "import" as const, start: each.importStart }] : [],
    ),
  );
}

function lexed(written: string): ReturnType<typeof parse>[0] {
  try {
    return parse(written)[0];
  } catch {
    // The lexer knows TypeScript only roughly: then the file is all that can be told.
    return [];
  }
}

function places(written: string, calls: readonly OpaqueCall[]): readonly OpaqueImport[] {
  const found = calls.map(({ call, start }) => {
    const before = written.slice(0, start);
    const line = before.split("\n").length;
    return { call, line, column: start - before.lastIndexOf("\n") };
  });
  return found.length > 0 ? found : [{ call: "import", line: 1, column: 1 }];
}
