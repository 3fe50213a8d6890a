import type { RustPath } from "./rust-text.ts";
import type { RustToken } from "./tokens.ts";

/** Longer paths are none that anybody writes. */
const MAX_STEPS = 32;
const NOTHING: RustToken = { kind: "mark", text: "", at: 0 };
/** A type may begin with these. */
const BEFORE_TYPES: ReadonlySet<string> = new Set(["dyn", "mut", "const", "impl", "unsafe", "extern", "fn"]);
/** Names that no path begins with, and that nothing is called. */
const KEYWORDS: ReadonlySet<string> = new Set(
  (
    "as async await break const continue dyn else enum extern false fn for if impl in let loop match mod move mut pub ref " +
    "return static struct trait true type unsafe use where while"
  ).split(" "),
);

/** A place in tokens, with what stands around it. */
export class TokenReader {
  readonly #tokens: readonly RustToken[];
  at = 0;

  constructor(tokens: readonly RustToken[], at = 0) {
    this.#tokens = tokens;
    this.at = at;
  }

  get isAtEnd(): boolean {
    return this.at >= this.#tokens.length;
  }

  /** The token so many further on, or back. */
  peek(offset = 0): RustToken {
    return this.#tokens[this.at + offset] ?? NOTHING;
  }

  isMark(text: string, offset = 0): boolean {
    const token = this.peek(offset);
    return token.kind === "mark" && token.text === text;
  }

  isWord(text: string, offset = 0): boolean {
    const token = this.peek(offset);
    return token.kind === "name" && token.text === text;
  }

  /** A name that something can have, keywords not among them. */
  nameAt(offset = 0): string | undefined {
    const { kind, text } = this.peek(offset);
    if (kind === "raw") return text;
    return kind === "name" && !KEYWORDS.has(text) ? text : undefined;
  }

  /** Read a path up to where something else stands, such as its generics. */
  readPath(isAbsolute: boolean): RustPath {
    const steps: string[] = [];
    for (let name = this.nameAt(); name !== undefined; name = this.nameAt()) {
      if (steps.length < MAX_STEPS) steps.push(name);
      this.at++;
      if (!this.isMark("::") || this.nameAt(1) === undefined) break;
      this.at++;
    }
    return { steps, isAbsolute };
  }

  /** Read a type up to its first path; `undefined` for one without. */
  readTypePath(isEnd: (reader: TokenReader) => boolean): RustPath | undefined {
    while (!this.isAtEnd && !isEnd(this)) {
      if (this.nameAt() !== undefined) return this.readPath(this.isMark("::", -1));
      const { kind, text } = this.peek();
      if (kind === "name" && !BEFORE_TYPES.has(text)) return undefined;
      this.at++;
    }
    return undefined;
  }
}
