import { displayName, slashed } from "../disk/file-names.ts";

/** How files and texts of a project are shown: no absolute path leaves the machine. */
export class PublicNames {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  /** A path as users see it: from the root, with forward slashes. */
  relative(file: string): string {
    return displayName(this.#root, file);
  }

  withoutRoot(text: string): string {
    const root = slashed(this.#root);
    return text.replaceAll(`${root}/`, "").replaceAll(root, ".");
  }

  /** A stack for others to see: frames outside of the project would tell where things are on this machine. */
  publicStack(stack: string): string {
    return this.withoutRoot(stack)
      .split("\n")
      .filter((line) => !/^\s*at .*(?:file:\/\/|[( ]\/|[( ][A-Za-z]:[\\/])/.test(line))
      .join("\n");
  }
}
