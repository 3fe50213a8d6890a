import { INCLUDING, readIncludedName } from "./included-name.ts";
import { readImplHeader } from "./impl-header.ts";
import { PendingAttributes } from "./pending-attributes.ts";
import { emptyScope, notePath } from "./rust-text.ts";
import type { OpenScope, RustText, UnreadPlace } from "./rust-text.ts";
import { TextLines } from "./text-lines.ts";
import { rustTokens } from "./tokens.ts";
import type { RustToken } from "./tokens.ts";
import { TokenReader } from "./token-reader.ts";
import { readUseTree } from "./use-tree.ts";

/** What one pair of brackets holds: a module, or a part of the module around it. */
interface OpenBrackets {
  readonly closing: string;
  readonly scope: OpenScope;
  readonly isModule: boolean;
}

const CLOSING: ReadonlyMap<string, string> = new Map([
  ["{", "}"],
  ["(", ")"],
  ["[", "]"],
]);

/** Items by which a path may begin, and items by which none does. */
const TYPES: ReadonlySet<string> = new Set(["struct", "enum", "union", "trait", "type"]);
const VALUES: ReadonlySet<string> = new Set(["fn", "const", "static", "macro"]);
/** An `impl` behind one of these is an item; elsewhere it is a type. */
const BEFORE_ITEMS: ReadonlySet<string> = new Set(["", ";", "{", "}", "]", "unsafe", "default"]);

/** Read what a Rust text says about other files. It need not be whole, nor Rust at all; it is read once, from its beginning to its end. */
export function scanRust(text: string): RustText {
  const { tokens, openAt } = rustTokens(text);
  const scan = new RustScan(tokens, new TextLines(text));
  scan.readAll();
  if (openAt !== undefined) scan.noteUnread(openAt, "begins a string or a comment that does not end");
  return scan;
}

class RustScan implements RustText {
  readonly scope: OpenScope = emptyScope();
  readonly macros: Set<string> = new Set();
  readonly unread: UnreadPlace[] = [];
  readonly #tokens: readonly RustToken[];
  readonly #reader: TokenReader;
  readonly #attributes = new PendingAttributes();
  readonly #open: OpenBrackets[];
  #openBraces = 0;
  /** How many brackets are open where a macro began, of which nobody knows what it makes of its text. */
  #macroDepth = Number.POSITIVE_INFINITY;

  readonly #lines: TextLines;

  constructor(tokens: readonly RustToken[], lines: TextLines) {
    this.#tokens = tokens;
    this.#lines = lines;
    this.#reader = new TokenReader(tokens);
    this.#open = [{ closing: "", scope: this.scope, isModule: true }];
  }

  readAll(): void {
    while (!this.#reader.isAtEnd) this.#read(this.#reader.peek());
  }

  noteUnread(at: number, what: string): void {
    this.unread.push({ ...this.#lines.placeOf(at), what });
  }

  get #top(): OpenBrackets {
    return this.#open.at(-1) ?? { closing: "", scope: this.scope, isModule: true };
  }

  #read({ kind, text }: RustToken): void {
    if (kind === "mark") return this.#readMark(text);
    if (kind === "name" && this.#readItem(text)) return;
    if (kind === "name" || kind === "raw") return this.#readPath();
    this.#reader.at++;
  }

  #readMark(mark: string): void {
    const reader = this.#reader;
    reader.at++;
    const closing = CLOSING.get(mark);
    if (closing !== undefined) this.#enter({ closing, scope: this.#top.scope, isModule: false });
    else if (mark === "}" || mark === ")" || mark === "]") this.#leave(mark);
    else if (mark === ";") this.#attributes.clear();
    // What stands behind `$` is written by who calls the macro, but for `$crate`.
    else if (mark === "$" && !reader.isWord("crate") && !reader.isMark("(")) reader.at++;
  }

  #enter(brackets: OpenBrackets): void {
    this.#open.push(brackets);
    if (brackets.closing !== "}") return;
    this.#attributes.clear();
    this.#openBraces++;
  }

  /** A brace ends all that began inside of it: while somebody writes, other brackets may be open still. */
  #leave(closing: string): void {
    if (closing === "}") this.#attributes.clear();
    else if (this.#top.closing !== closing) return;
    if (closing === "}" && this.#openBraces === 0) return;
    if (closing === "}") {
      while (this.#top.closing !== "}") this.#open.pop();
      this.#openBraces--;
    }
    this.#open.pop();
    if (this.#open.length <= this.#macroDepth) this.#macroDepth = Number.POSITIVE_INFINITY;
  }

  /** Returns whether it was one, and has been read. */
  #readItem(word: string): boolean {
    switch (word) {
      case "mod":
        return this.#readMod();
      case "use":
        return this.#readUse();
      case "extern":
        return this.#readExternCrate();
      case "impl":
        return this.#readImpl();
      default:
        if (this.#attributes.read(this.#reader)) return true;
        return this.#readDefinition(word);
    }
  }

  #readMod(): boolean {
    const reader = this.#reader;
    const { at } = reader.peek();
    reader.at++;
    const name = reader.nameAt();
    if (reader.isMark("$") && !reader.isMark(":", 2)) this.noteUnread(at, "declares modules in a macro");
    if (name === undefined) return true;
    reader.at++;
    const { scope } = this.#top;
    if (reader.isMark(";"))
      scope.mods.push({ name, place: this.#lines.placeOf(at), ...this.#attributes.ofMod(this.#isInMacro) });
    if (reader.isMark("{")) {
      const inside = emptyScope();
      scope.inner.push({ name, path: this.#attributes.path, scope: inside });
      reader.at++;
      this.#enter({ closing: "}", scope: inside, isModule: true });
    }
    return true;
  }

  get #isInMacro(): boolean {
    return this.#macroDepth !== Number.POSITIVE_INFINITY;
  }

  #readUse(): boolean {
    const reader = this.#reader;
    const { at } = reader.peek();
    reader.at++;
    // What a type captures: `impl Trait + use<'a>`.
    if (reader.isMark("<")) return true;
    const { uses, isUnread } = readUseTree(reader);
    this.#top.scope.uses.push(...uses);
    if (isUnread) this.noteUnread(at, "uses names that a macro is given");
    return true;
  }

  #readExternCrate(): boolean {
    const reader = this.#reader;
    if (!reader.isWord("crate", 1)) return false;
    reader.at += 2;
    const crate = reader.nameAt();
    if (crate === undefined) return true;
    const path =
      crate === "self" ? { steps: ["crate"], isAbsolute: false } : { steps: [crate], isAbsolute: true };
    const alias = reader.isWord("as", 1) ? reader.nameAt(2) : undefined;
    const { uses } = this.#top.scope;
    uses.push({ path, name: alias ?? crate });
    // All that it exports may be called by its name alone.
    if (this.#attributes.isMacroUse) uses.push({ path, name: undefined });
    reader.at++;
    return true;
  }

  #readImpl(): boolean {
    const { kind, text } = this.#reader.peek(-1);
    const isItem = (kind === "mark" || kind === "name") && BEFORE_ITEMS.has(text);
    this.#reader.at++;
    if (isItem) this.#top.scope.impls.push(readImplHeader(this.#tokens, this.#reader.at));
    return true;
  }

  /** Something gets a name: what is inside of a block is nothing that anybody else can name. */
  #readDefinition(word: string): boolean {
    const isType = TYPES.has(word);
    if (!isType && !VALUES.has(word)) return false;
    const reader = this.#reader;
    const offset = reader.isWord("mut", 1) ? 2 : 1;
    const name = reader.nameAt(offset);
    // A pointer's type has the same word: `*const T`.
    const isConstant = word === "const" || word === "static";
    if (name === undefined || (isConstant && !reader.isMark(":", offset + 1))) return false;
    reader.at += offset + 1;
    const { scope, isModule } = this.#top;
    if (isModule) (isType ? scope.types : scope.values).add(name);
    return true;
  }

  #readPath(): void {
    const reader = this.#reader;
    const isBehind = reader.isMark("::", -1);
    const isAbsolute = isBehind && reader.nameAt(-2) === undefined && !reader.isMark(">", -2);
    const isPlace = reader.isWord("in", -1) && reader.isMark("(", -2);
    const start = reader.at;
    const path = reader.readPath(isAbsolute);
    if (reader.at === start) reader.at++;
    const isCall = reader.isMark("!") && !reader.isMark("=", 1);
    if (isCall) this.#readCall(path.steps);
    // What is behind `::` belongs to a type, such as `<T as A>::Item`; what is behind `pub(in` uses nothing.
    if ((isBehind && !isAbsolute) || isPlace) return;
    if (path.steps.length > 1 || isAbsolute) notePath(this.#top.scope, path);
  }

  /** A macro is called, or defined. */
  #readCall(steps: readonly string[]): void {
    const reader = this.#reader;
    const name = steps.at(-1) ?? "";
    const { at } = reader.peek(-1);
    const defined = name === "macro_rules" ? reader.nameAt(1) : undefined;
    if (defined !== undefined) {
      this.macros.add(defined);
      reader.at += 2;
    } else {
      reader.at++;
      if (steps.length === 1) this.#top.scope.called.add(name);
      this.#readInclude(name, at);
    }
    if (CLOSING.has(reader.peek().text) && !this.#isInMacro) this.#macroDepth = this.#open.length;
  }

  #readInclude(name: string, at: number): void {
    const { includes } = this.#top.scope;
    const isCode = INCLUDING.get(name);
    const isBuildScripts = name === "env" && this.#reader.peek(1).text === "OUT_DIR";
    if (isBuildScripts) includes.push({ isCode: false, target: { from: "build" } });
    if (isCode === undefined) return;
    const target = readIncludedName(new TokenReader(this.#tokens, this.#reader.at));
    if (target !== undefined) includes.push({ isCode, target });
    if (target === undefined) this.noteUnread(at, `includes a file by a name that only the compiler knows`);
    else if (isCode && target.from === "build")
      this.noteUnread(at, "includes code that its build script writes");
  }
}
