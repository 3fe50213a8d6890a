import type {
  ImportReference,
  ModuleExport,
  ModuleSyntax,
  StaticImport,
  TextRange,
} from "./module-analysis.ts";
import { patternNames } from "../../syntax/patterns.ts";
import { child, children, identifierName, stringValue, text } from "./syntax.ts";
import type { Node } from "./syntax.ts";

/** What a default export without a name is called in the module's scope. */
export const DEFAULT_EXPORT = "__vite_ssr_export_default__";

/** How a module hangs together with others, and the statements that are left: its own code. */
export interface ModuleLinks {
  readonly imports: readonly StaticImport[];
  /** What the imported names stand for, by local name; a namespace is named `"*"`. */
  readonly importedNames: ReadonlyMap<string, ImportReference>;
  readonly exports: ReadonlyMap<string, ModuleExport>;
  readonly stars: readonly number[];
  readonly moduleSyntax: readonly ModuleSyntax[];
  /** The top-level statements, exported declarations as what they declare; imports and lists of exports are none. */
  readonly statements: readonly Node[];
}

/** Tell what a module imports and exports from the author's own statements. */
export function readLinks(code: string, program: Node): ModuleLinks {
  const reader = new LinkReader(code);
  const statements = children(program, "body");
  // Exports may come before the imports that they pass on.
  for (const statement of statements) reader.readImport(statement);
  const own = statements.flatMap((statement) => reader.readStatement(statement));
  const { imports, importedNames, exports, stars, moduleSyntax } = reader;
  return { imports, importedNames, exports, stars, moduleSyntax, statements: own };
}

class LinkReader implements Omit<ModuleLinks, "statements"> {
  readonly imports: StaticImport[] = [];
  readonly importedNames: Map<string, ImportReference> = new Map();
  readonly exports: Map<string, ModuleExport> = new Map();
  readonly stars: number[] = [];
  readonly moduleSyntax: ModuleSyntax[] = [];
  readonly #code: string;
  readonly #indexOf: Map<Node, number> = new Map();

  constructor(code: string) {
    this.#code = code;
  }

  readImport(statement: Node): void {
    const specifier = stringValue(child(statement, "source"));
    if (specifier === undefined || !FROM.has(statement.type)) return;
    const index = this.imports.length;
    const nameAt = new Map(children(statement, "specifiers").flatMap(importedNameAt));
    const names = [...nameAt.keys()];
    this.#indexOf.set(statement, index);
    this.imports.push({
      index,
      local: `__vite_ssr_import_${index}__`,
      specifier,
      names: names.length === 0 ? undefined : names,
      specifierAt: child(statement, "source")?.start ?? statement.start,
      nameAt,
    });
    if (statement.type !== "ImportDeclaration") return;
    for (const each of children(statement, "specifiers")) {
      const local = identifierName(child(each, "local"));
      if (local !== undefined)
        this.importedNames.set(local, { import: index, name: importedName(each) ?? "*" });
    }
  }

  /** The author's own statement in a top-level statement, if there is one. */
  readStatement(statement: Node): readonly Node[] {
    switch (statement.type) {
      case "ImportDeclaration":
        return this.#without(statement);
      case "ExportAllDeclaration":
        return this.#readStar(statement);
      case "ExportNamedDeclaration":
        return this.#readNamed(statement);
      case "ExportDefaultDeclaration":
        return this.#readDefault(statement);
      default:
        return [statement];
    }
  }

  #readStar(statement: Node): readonly Node[] {
    const index = this.#indexOf.get(statement);
    const name = nameOf(child(statement, "exported"));
    if (index === undefined) return [];
    if (name === undefined) this.stars.push(index);
    else this.exports.set(name, { kind: "forward", import: index, name: "*" });
    return this.#without(statement);
  }

  #readNamed(statement: Node): readonly Node[] {
    const declaration = child(statement, "declaration");
    const index = this.#indexOf.get(statement);
    if (declaration !== undefined) {
      for (const name of declaredNames(declaration)) this.exports.set(name, { kind: "local", binding: name });
      this.#declares(statement, EXPORT);
      return [declaration];
    }
    for (const each of children(statement, "specifiers")) {
      const exported = nameOf(child(each, "exported"));
      const name = nameOf(child(each, "local"));
      if (exported === undefined || name === undefined) continue;
      const imported = index === undefined ? this.importedNames.get(name) : { import: index, name };
      this.exports.set(
        exported,
        imported ? { kind: "forward", ...imported } : { kind: "local", binding: name },
      );
    }
    return this.#without(statement);
  }

  #readDefault(statement: Node): readonly Node[] {
    const declaration = child(statement, "declaration");
    const name = declaration && declaredName(declaration);
    this.exports.set("default", { kind: "local", binding: name ?? DEFAULT_EXPORT });
    this.#declares(statement, EXPORT_DEFAULT, name === undefined ? "default" : "declaration");
    return declaration !== undefined && name !== undefined ? [declaration] : [statement];
  }

  #without(statement: Node): readonly Node[] {
    this.moduleSyntax.push({ kind: "link", range: rangeOf(statement), end: statement.end });
    return [];
  }

  #declares(statement: Node, keywords: RegExp, kind: "declaration" | "default" = "declaration"): void {
    keywords.lastIndex = statement.start;
    const end = keywords.test(this.#code) ? keywords.lastIndex : statement.start;
    this.moduleSyntax.push({ kind, range: [statement.start, end], end: statement.end });
  }
}

const FROM: ReadonlySet<string> = new Set([
  "ImportDeclaration",
  "ExportNamedDeclaration",
  "ExportAllDeclaration",
]);

const EXPORT = /export/y;
const EXPORT_DEFAULT = /export(?:\s|\/\*[\s\S]*?\*\/|\/\/[^\n]*\n)*default/y;

function rangeOf({ start, end }: Node): TextRange {
  return [start, end];
}

/** What one specifier asks for: `undefined` for a whole namespace. */
function importedName(specifier: Node): string | undefined {
  if (specifier.type === "ImportDefaultSpecifier") return "default";
  if (specifier.type === "ImportSpecifier") return nameOf(child(specifier, "imported"));
  return specifier.type === "ExportSpecifier" ? nameOf(child(specifier, "local")) : undefined;
}

function importedNameAt(specifier: Node): readonly (readonly [string, number])[] {
  const name = importedName(specifier);
  return name === undefined ? [] : [[name, specifier.start]];
}

/** `a` and `"a b"`: names of exports can be strings. */
function nameOf(node: Node | undefined): string | undefined {
  return identifierName(node) ?? stringValue(node);
}

function declaredNames(declaration: Node): readonly string[] {
  const name = declaredName(declaration);
  if (name !== undefined) return [name];
  return children(declaration, "declarations").flatMap((declarator) => {
    const pattern = child(declarator, "id");
    return pattern ? patternNames(pattern).map((each) => each.name) : [];
  });
}

/** The name of a function or class declaration. */
function declaredName(declaration: Node): string | undefined {
  const isNamed = declaration.type === "FunctionDeclaration" || declaration.type === "ClassDeclaration";
  const id = isNamed ? child(declaration, "id") : undefined;
  return id && text(id, "name");
}
