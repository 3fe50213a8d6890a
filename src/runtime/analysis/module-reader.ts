import type { ImportReference, StaticImport } from "./module-analysis.ts";
import type {
  Assignment,
  LocalBinding,
  BindingValue,
  Call,
  ClassMember,
  CodeUnit,
  Guard,
  Mention,
  MentionTarget,
  ModuleFormat,
  ModuleModel,
} from "./module-model.ts";
import { patternNames, patternTargets } from "../../syntax/patterns.ts";
import { Scope } from "./scopes.ts";
import { mentionAt } from "./mentions.ts";
import { calleeOf, child, forEachChild, memberName, rootOf, text } from "./syntax.ts";
import type { Node } from "./syntax.ts";

/** How the nodes of one type are read. The visitor decides which children are read, and in which scope. */
export type Visitor = (reader: ModuleReader, node: Node) => void;

/** A name whose declaration may still follow. */
interface OpenMention {
  readonly node: Node;
  readonly usedBy: Node | undefined;
  readonly unit: CodeUnit;
  readonly scope: Scope;
  readonly name: string;
}

/** What there is to read. */
export interface ParsedText {
  readonly code: string;
  readonly program: Node;
  readonly imports: readonly StaticImport[];
  readonly importedNames: ReadonlyMap<string, ImportReference>;
  readonly format: ModuleFormat;
}

/** Names that the text of a CommonJS file has of its own, as parameters. `require` is not among them: it is asked for. */
const OF_COMMON_JS: readonly string[] = ["exports", "module", "__filename", "__dirname"];

/** What is known about a function from where it stands. */
export interface FunctionPlace {
  readonly key?: string | undefined;
  readonly callbackOf?: Node | undefined;
}

/** Collects a {@link ModuleModel} in one walk. Names are resolved at the end, when all declarations are known. */
export class ModuleReader {
  readonly guards: Guard[] = [];
  readonly calls: Call[] = [];
  readonly assignments: Assignment[] = [];
  readonly classMembers: ClassMember[] = [];
  readonly changes: Node[] = [];
  readonly outerMembers: Map<Node, Node> = new Map();
  scope: Scope;
  unit: CodeUnit;

  readonly #visitors: Readonly<Record<string, Visitor>>;
  readonly #code: string;
  readonly #imports: readonly StaticImport[];
  readonly #importedNames: ReadonlyMap<string, ImportReference>;
  readonly #root: CodeUnit;
  readonly #units: CodeUnit[] = [];
  readonly #bindings: LocalBinding[] = [];
  readonly #mentions: Mention[] = [];
  readonly #openMentions: OpenMention[] = [];
  /** Expression statements that are the body of another statement. */
  readonly #bodies: Set<Node> = new Set();
  readonly #statementStarts: Set<number> = new Set();
  #hasTopLevelAwait = false;
  readonly #visit: (node: Node) => void = (node) => this.visit(node);

  constructor(source: ParsedText, visitors: Readonly<Record<string, Visitor>>) {
    const { code, program, imports, importedNames } = source;
    this.#visitors = visitors;
    this.#code = code;
    this.#imports = imports;
    this.#importedNames = importedNames;
    this.#root = newUnit("module", program, undefined, {});
    this.#units.push(this.#root);
    this.unit = this.#root;
    this.scope = new Scope(undefined, this.#root, "function");
    if (source.format === "commonjs")
      for (const name of OF_COMMON_JS) this.declareName(name, "parameter", undefined);
  }

  visit(node: Node): void {
    const visitor = this.#visitors[node.type];
    if (visitor) visitor(this, node);
    else forEachChild(node, this.#visit);
  }

  visitChildren(node: Node): void {
    forEachChild(node, this.#visit);
  }

  visitChild(node: Node, key: string): void {
    const found = child(node, key);
    if (found) this.visit(found);
  }

  /** Reads what belongs to a block of its own. */
  inBlock(read: () => void, kind: "block" | "body" = "block"): void {
    const outer = this.scope;
    this.scope = new Scope(outer, this.unit, kind);
    read();
    this.scope = outer;
  }

  /** Reads what runs on its own, later or never. */
  inUnit(kind: "function" | "field", node: Node, place: FunctionPlace, read: () => void): void {
    const { scope, unit } = this;
    this.unit = newUnit(kind, node, unit, place);
    this.#units.push(this.unit);
    this.scope = new Scope(scope, this.unit, "function");
    read();
    this.scope = scope;
    this.unit = unit;
  }

  /** Binds a single name in the current scope, or in the function's scope for `var`. */
  declareName(name: string, kind: LocalBinding["kind"], initial: BindingValue | undefined): void {
    const scope = kind === "var" ? this.scope.varScope : this.scope;
    const binding = scope.declare(name, kind, this.#bindings.length, initial);
    if (binding.id === this.#bindings.length) this.#bindings.push(binding);
  }

  /** Binds all names of a pattern to the parts of `value`. */
  declarePattern(pattern: Node, kind: LocalBinding["kind"], value: Node | undefined): void {
    for (const { name, path } of patternNames(pattern)) {
      this.declareName(name, kind, value && { node: value, path });
    }
  }

  /** Notes the use of a name. What it means is known when its scope is complete. */
  mentionName(node: Node, name: string, usedBy?: Node): void {
    this.#openMentions.push({ node, usedBy, unit: this.unit, scope: this.scope, name });
  }

  /** Notes `import.meta` or `import(…)`, which no scope can give another meaning. */
  mentionKeyword(node: Node, name: string, usedBy: Node | undefined): void {
    this.#mention(node, usedBy, { kind: "global", name });
  }

  /** Notes `this.name`. */
  mentionMethod(node: Node, name: string): void {
    this.#mention(node, undefined, { kind: "method", name });
  }

  /** Notes bodies that are no lists of statements: nothing can be written before their only one. */
  noteBodies(node: Node, keys: readonly string[]): void {
    for (const key of keys) {
      const body = child(node, key);
      if (body?.type === "ExpressionStatement") this.#bodies.add(body);
    }
  }

  /** Notes an expression statement. */
  noteStatement(statement: Node): void {
    if (!this.#bodies.has(statement)) this.#statementStarts.add(statement.start);
  }

  /** Notes that this unit waits. */
  noteAwait(): void {
    if (this.unit.kind === "module") this.#hasTopLevelAwait = true;
  }

  /** Notes what a pattern on the left of an assignment, or of a loop, writes to. */
  noteAssignments(node: Node, pattern: Node, value: Node | undefined): void {
    if (!value) return;
    const operator = text(node, "operator") ?? "=";
    for (const target of patternTargets(pattern)) {
      this.assignments.push({ node, unit: this.unit, operator, target, value });
    }
  }

  #mention(node: Node, usedBy: Node | undefined, target: MentionTarget): void {
    this.#mentions.push({ node, usedBy, unit: this.unit, target });
  }

  #close({ node, usedBy, unit, scope, name }: OpenMention): Mention {
    const binding = scope.resolve(name);
    if (binding) return { node, usedBy, unit, target: { kind: "binding", binding } };
    const reference = this.#importedNames.get(name);
    if (!reference) return { node, usedBy, unit, target: { kind: "global", name } };
    // `all.price` means the export, not the namespace.
    const member =
      reference.name === "*" && usedBy?.type === "MemberExpression" ? memberName(usedBy) : undefined;
    if (member === undefined || usedBy === undefined)
      return { node, usedBy, unit, target: { kind: "import", reference } };
    const target: MentionTarget = { kind: "import", reference: { ...reference, name: member } };
    return { node: usedBy, usedBy: undefined, unit, target };
  }

  /** The finished model. */
  finish(): ModuleModel {
    for (const open of this.#openMentions) this.#mentions.push(this.#close(open));
    const model: ModuleModel = {
      code: this.#code,
      imports: this.#imports,
      root: this.#root,
      units: this.#units,
      unitByNode: new Map(this.#units.map((unit) => [unit.node, unit])),
      unitsByKey: byKey(this.#units),
      bindings: this.#bindings,
      mentions: this.#mentions.toSorted((a, b) => a.node.start - b.node.start),
      calls: this.calls,
      callees: new Set(this.calls.flatMap(({ node }) => calleeOf(node) ?? [])),
      assignments: this.assignments.toSorted((a, b) => a.node.start - b.node.start),
      guards: this.guards,
      classMembers: this.classMembers,
      changes: this.changes,
      outerMembers: this.outerMembers,
      environment: new Map(),
      statementStarts: this.#statementStarts,
      hasTopLevelAwait: this.#hasTopLevelAwait,
    };
    for (const assignment of model.assignments) addValue(model, assignment);
    return model;
  }
}

function byKey(units: readonly CodeUnit[]): ReadonlyMap<string, readonly CodeUnit[]> {
  const unitsByKey = new Map<string, CodeUnit[]>();
  for (const unit of units) {
    if (unit.key === undefined) continue;
    const known = unitsByKey.get(unit.key);
    if (known) known.push(unit);
    else unitsByKey.set(unit.key, [unit]);
  }
  return unitsByKey;
}

/** What is assigned to a name, or to a member of what it holds, can be found in it from then on. */
function addValue(model: ModuleModel, { target, value }: Assignment): void {
  const mention = mentionAt(model, rootOf(target));
  if (mention?.target.kind !== "binding") return;
  const { binding } = mention.target;
  binding.values.push(value);
  if (mention.node === target) binding.assigned.push(value);
}

function newUnit(
  kind: CodeUnit["kind"],
  node: Node,
  parent: CodeUnit | undefined,
  { key, callbackOf }: FunctionPlace,
): CodeUnit {
  return { kind, node, parent, key, callbackOf, calls: [], statements: [], results: [] };
}
