import { endOfChar, endOfQuoted, endOfRaw, unescaped } from "./literals.ts";

/**
 * A piece of Rust. `raw` is a name behind `r#`, which is never a keyword; `text` is a string, its `text` what it stands for;
 * `value` is anything else that is written out: numbers, characters, bytes, and lifetimes.
 */
export interface RustToken {
  readonly kind: "name" | "raw" | "text" | "value" | "mark";
  readonly text: string;
  readonly at: number;
}

/** What a text is made of, without comments. */
export interface RustTokens {
  readonly tokens: readonly RustToken[];
  /** Where a comment or a string begins that does not end. */
  readonly openAt: number | undefined;
}

/** Of what is not ASCII only letters may stand in a name; nothing else stands anywhere but in strings, so it is not asked. */
const NAME = /[A-Za-z_\u0080-\uFFFF][\w\u0080-\uFFFF]*/y;
const NUMBER = /\d\w*(?:\.\d\w*)?/y;
const SPACE = /[\s\u0085\u200E\u200F]+/y;
/** Marks of two characters that matter: a type may end with `->`, and never with `=>`. */
const LONG_MARKS: ReadonlySet<string> = new Set(["::", "->", "=>"]);
/** What may stand directly before the quote of a string. */
const PREFIXES: ReadonlySet<string> = new Set(["b", "c", "r", "br", "cr"]);

/** Read a text from its beginning to its end, each character once; what is no Rust is marks. */
export function rustTokens(text: string): RustTokens {
  const reader = new Tokenizer(text);
  reader.readAll();
  return reader;
}

class Tokenizer implements RustTokens {
  readonly tokens: RustToken[] = [];
  openAt: number | undefined;
  readonly #text: string;
  #at: number;

  constructor(text: string) {
    this.#text = text;
    // A line for the system that runs a script; `#![` is Rust.
    this.#at = /^\uFEFF?#!(?!\s*\[).*/.exec(text)?.[0].length ?? 0;
  }

  readAll(): void {
    while (this.#at < this.#text.length) this.#read();
  }

  #read(): void {
    const text = this.#text;
    const at = this.#at;
    const char = text.charAt(at);
    if (char === "/" && text.charAt(at + 1) === "/") this.#endAt(text.indexOf("\n", at));
    else if (char === "/" && text.charAt(at + 1) === "*") this.#skipComment();
    else if (char === '"') this.#add("text", endOfQuoted(text, at), unescaped);
    else if (char === "'") this.#addChar();
    else if (!this.#skip(SPACE) && !this.#addName() && !this.#addNumber()) this.#addMark();
  }

  /** @param end `-1` for what does not end */
  #endAt(end: number): void {
    this.#at = end < 0 ? this.#text.length : end;
  }

  #skip(form: RegExp): boolean {
    form.lastIndex = this.#at;
    if (!form.test(this.#text)) return false;
    this.#at = form.lastIndex;
    return true;
  }

  /** Comments nest. */
  #skipComment(): void {
    const start = this.#at;
    const edge = /\/\*|\*\//g;
    edge.lastIndex = start + 2;
    for (let depth = 1; depth > 0;) {
      const found = edge.exec(this.#text);
      if (found === null) {
        this.openAt ??= start;
        return this.#endAt(-1);
      }
      depth += found[0] === "/*" ? 1 : -1;
    }
    this.#at = edge.lastIndex;
  }

  #add(kind: RustToken["kind"], end: number, read: (text: string) => string): void {
    const at = this.#at;
    if (end < 0) this.openAt ??= at;
    this.#endAt(end);
    this.tokens.push({ kind, text: read(this.#text.slice(at, this.#at)), at });
  }

  #addChar(): void {
    const end = endOfChar(this.#text, this.#at);
    // A lifetime, or a quote that means nothing.
    if (end === undefined && this.#skipLifetime()) return;
    this.#add("value", end ?? this.#at + 1, asItIs);
  }

  #skipLifetime(): boolean {
    NAME.lastIndex = this.#at + 1;
    if (!NAME.test(this.#text)) return false;
    this.#add("value", NAME.lastIndex, asItIs);
    return true;
  }

  #addName(): boolean {
    NAME.lastIndex = this.#at;
    const [name] = NAME.exec(this.#text) ?? [];
    if (name === undefined) return false;
    const end = NAME.lastIndex;
    const isString = PREFIXES.has(name) && this.#addPrefixed(name, end);
    if (!isString) this.#add("name", end, asItIs);
    return true;
  }

  /** What is written with letters in front: `b'x'`, `r"…"`, `br#"…"#`, and `r#name`. */
  #addPrefixed(prefix: string, end: number): boolean {
    const text = this.#text;
    const next = text.charAt(end);
    // The bytes of a string are no name of a file.
    const kind = prefix === "r" ? "text" : "value";
    if (prefix === "b" && next === "'") this.#add("value", endOfChar(text, end) ?? end + 1, asItIs);
    else if (!prefix.endsWith("r")) {
      if (next !== '"') return false;
      this.#add(kind, endOfQuoted(text, end), asItIs);
    } else {
      const closed = endOfRaw(text, end);
      if (closed === undefined) return prefix === "r" && next === "#" && this.#addRawName(end + 1);
      this.#add(kind, closed, withoutFence);
    }
    return true;
  }

  #addRawName(start: number): boolean {
    NAME.lastIndex = start;
    if (!NAME.test(this.#text)) return false;
    this.#add("raw", NAME.lastIndex, (text) => text.slice(2));
    return true;
  }

  #addNumber(): boolean {
    const start = this.#at;
    if (!this.#skip(NUMBER)) return false;
    this.tokens.push({ kind: "value", text: this.#text.slice(start, this.#at), at: start });
    return true;
  }

  #addMark(): void {
    const long = this.#text.slice(this.#at, this.#at + 2);
    this.#add("mark", this.#at + (LONG_MARKS.has(long) ? 2 : 1), asItIs);
  }
}

function asItIs(text: string): string {
  return text;
}

/** What a raw string holds: all that stands between its quotes. */
function withoutFence(text: string): string {
  const open = text.indexOf('"');
  const fence = open - text.indexOf("r") - 1;
  return text.slice(open + 1, text.length - 1 - fence);
}
