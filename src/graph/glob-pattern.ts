/** Whether a path, separated by `/`, is one that a pattern means. */
export type PathTest = (path: string) => boolean;

/**
 * Compile a glob: `*` and `?` inside a name, `**` for any folders, `{a,b}`, `[abc]`, `@(a|b)` and its kin, `\` before
 * anything that is meant as it is. As in Vite, names that begin with a dot match only where the pattern has the dot.
 */
export function compileGlob(pattern: string): PathTest {
  const matcher = new RegExp(`^${new GlobReader(pattern).read()}$`, "s");
  return (path) => matcher.test(path);
}

/** The folder that everything which a pattern means lies below; it ends with `/` unless it is empty. */
export function folderOfGlob(pattern: string): string {
  const magic = /[*?[{\\]|[@!+?*]\(/.exec(pattern);
  const fixed = magic ? pattern.slice(0, magic.index) : pattern;
  return fixed.slice(0, fixed.lastIndexOf("/") + 1);
}

const NO_DOT = "(?!\\.)";
const FOLDERS = `(?:${NO_DOT}[^/]*/)*`;
const NOT = ")$)[^/]*";
const CLOSING: Readonly<Record<string, string>> = { "@": ")", "?": ")?", "+": ")+", "*": ")*", "!": NOT };

/** One pass over a pattern, writing a regular expression. */
class GlobReader {
  readonly #pattern: string;
  #at = 0;
  /** What closes the groups that are open, innermost last. */
  readonly #open: { readonly mark: "}" | ")"; readonly closing: string }[] = [];

  constructor(pattern: string) {
    this.#pattern = pattern;
  }

  read(): string {
    let expression = "";
    while (this.#at < this.#pattern.length) expression += this.#next();
    return expression + this.#open.map(({ closing }) => closing).join("");
  }

  #next(): string {
    const [mark = "", following] = [this.#pattern[this.#at], this.#pattern[this.#at + 1]];
    const isAtStart = this.#at === 0 || this.#pattern[this.#at - 1] === "/";
    this.#at++;
    if (following === "(" && /[@?+*!]/.test(mark)) return this.#group(mark);
    const noDot = isAtStart ? NO_DOT : "";
    switch (mark) {
      case "\\":
        return quote(this.#pattern[this.#at++] ?? "\\");
      case "*":
        return following === "*" ? this.#folders(isAtStart) : `${noDot}[^/]*`;
      case "?":
        return `${noDot}[^/]`;
      case "[":
        return this.#characters();
      case "{":
        return this.#alternatives();
      default:
        return this.#separator(mark) ?? quote(mark);
    }
  }

  #folders(isAtStart: boolean): string {
    while (this.#pattern[this.#at] === "*") this.#at++;
    if (isAtStart && this.#pattern[this.#at] === "/") {
      this.#at++;
      return FOLDERS;
    }
    return isAtStart ? `${FOLDERS}${NO_DOT}[^/]*` : `[^/]*(?:/${FOLDERS}${NO_DOT}[^/]*)?`;
  }

  #group(mark: string): string {
    this.#at++;
    this.#open.push({ mark: ")", closing: CLOSING[mark] ?? ")" });
    return mark === "!" ? "(?!(?:" : "(?:";
  }

  #alternatives(): string {
    if (!this.#pattern.includes("}", this.#at)) return quote("{");
    this.#open.push({ mark: "}", closing: ")" });
    return "(?:";
  }

  #separator(mark: string): string | undefined {
    const innermost = this.#open.at(-1);
    if (innermost === undefined) return undefined;
    if (mark === innermost.mark) {
      this.#open.pop();
      if (innermost.closing !== NOT) return innermost.closing;
      // Anything but one of these in front of what follows.
      return `)${new GlobReader(this.#pattern.slice(this.#at)).read()}$)[^/]*`;
    }
    return mark === (innermost.mark === "}" ? "," : "|") ? "|" : undefined;
  }

  #characters(): string {
    const end = this.#pattern.indexOf("]", this.#at + 1);
    if (end === -1) return "\\[";
    const inside = this.#pattern.slice(this.#at, end).replaceAll("\\", "\\\\");
    this.#at = end + 1;
    return `[${inside.replace(/^[!^]/, "^")}]`;
  }
}

function quote(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}
