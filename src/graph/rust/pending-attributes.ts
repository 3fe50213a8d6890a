import type { ModDeclaration } from "./rust-text.ts";
import type { TokenReader } from "./token-reader.ts";

/** The attributes in front of what comes next, as far as they say where a module is. */
export class PendingAttributes {
  #paths: string[] = [];
  #conditional: string[] = [];
  #isConfigured = false;
  /** Whether they stand in a `cfg_attr`, where paths are guesses. */
  #isInCondition = false;
  isMacroUse = false;

  /** Where a module is for sure. */
  get path(): string | undefined {
    return this.#paths[0];
  }

  /** Nothing of what was read belongs to what comes next. */
  clear(): void {
    this.#paths = [];
    this.#conditional = [];
    this.#isConfigured = this.#isInCondition = this.isMacroUse = false;
  }

  /** Read the word at the reader, where it is of an attribute that matters. Returns whether it was. */
  read(reader: TokenReader): boolean {
    const isFirst = reader.isMark("[", -1) && reader.isMark("#", -2);
    const { text } = reader.peek();
    if (isFirst) this.#isInCondition = text === "cfg_attr";
    if (text === "path" && reader.isMark("=", 1) && reader.peek(2).kind === "text") {
      if (isFirst) this.#paths.push(reader.peek(2).text);
      else if (this.#isInCondition) this.#conditional.push(reader.peek(2).text);
      reader.at += 3;
      return true;
    }
    if (isFirst && text === "cfg") this.#isConfigured = true;
    if (isFirst && text === "macro_use") this.isMacroUse = true;
    if (!isFirst || !["cfg", "cfg_attr", "macro_use"].includes(text)) return false;
    reader.at++;
    return true;
  }

  /** What they say of `mod x;`. */
  ofMod(isInMacro: boolean): Pick<ModDeclaration, "paths" | "isOptional" | "hasDefault"> {
    const [path] = this.#paths;
    return {
      paths: path === undefined ? this.#conditional : [path, ...this.#conditional],
      isOptional: isInMacro || this.#isConfigured,
      hasDefault: path === undefined,
    };
  }
}
