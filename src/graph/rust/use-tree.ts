import type { RustUse } from "./rust-text.ts";
import type { TokenReader } from "./token-reader.ts";

/** Longer paths are none that anybody writes. */
const MAX_STEPS = 32;

/** What a `use` brings in. */
export interface UseTree {
  readonly uses: readonly RustUse[];
  /** A macro writes a part of it. */
  readonly isUnread: boolean;
}

/** Read what stands behind `use`, up to its end or to what cannot be part of it. */
export function readUseTree(reader: TokenReader): UseTree {
  const tree = new UseTreeReader(reader);
  tree.read();
  return tree;
}

/** Groups nest, so what stands in front of each of them is kept; the stack here is no call stack, however deep they nest. */
class UseTreeReader implements UseTree {
  readonly uses: RustUse[] = [];
  isUnread = false;
  readonly #reader: TokenReader;
  readonly #groups: (readonly string[])[] = [];
  #steps: string[] = [];
  #isAbsolute = false;
  /** Something stands here that is not told yet. */
  #isPending = false;

  constructor(reader: TokenReader) {
    this.#reader = reader;
  }

  read(): void {
    while (!this.#reader.isAtEnd && this.#readPart()) this.#reader.at++;
    this.#tell();
  }

  /** Returns whether the tree goes on behind it. */
  #readPart(): boolean {
    const { kind, text } = this.#reader.peek();
    if (kind === "name" && text === "as") return this.#readAlias();
    if (kind === "name" || kind === "raw") return this.#readStep();
    if (kind !== "mark") return false;
    switch (text) {
      case "::":
        if (this.#steps.length === 0) this.#isAbsolute = true;
        return true;
      case "$":
        // `$crate` is the crate of the macro; anything else is written by who calls it.
        if (!this.#reader.isWord("crate", 1)) this.isUnread = true;
        return !this.isUnread;
      case "*":
        this.#add(undefined);
        return true;
      case "{":
        this.#groups.push(this.#steps);
        return this.#begin();
      case ",":
        this.#tell();
        return this.#begin();
      case "}":
        this.#tell();
        return this.#groups.pop() !== undefined;
      default:
        return false;
    }
  }

  /** What comes next stands in the innermost group. */
  #begin(): true {
    this.#steps = [...(this.#groups.at(-1) ?? [])];
    this.#isPending = false;
    return true;
  }

  #readStep(): boolean {
    const name = this.#reader.nameAt();
    if (name === undefined) return false;
    const isGroupsOwn = name === "self" && this.#steps.length > 0;
    if (!isGroupsOwn && this.#steps.length < MAX_STEPS) this.#steps.push(name);
    this.#isPending = true;
    return true;
  }

  #readAlias(): boolean {
    const name = this.#reader.nameAt(1);
    if (name === undefined) return false;
    this.#add(name);
    this.#reader.at++;
    return true;
  }

  #tell(): void {
    if (this.#isPending) this.#add(this.#steps.at(-1));
  }

  #add(name: string | undefined): void {
    this.#isPending = false;
    this.uses.push({ path: { steps: this.#steps, isAbsolute: this.#isAbsolute }, name });
  }
}
