import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../cli/project.ts";

/** A block of code on a page. */
export interface Block {
  readonly language: string;
  /** The rest of the info string, such as `fragment`. */
  readonly words: readonly string[];
  readonly text: string;
  /** What its first line names, as in `// pages/api/users.ts`. */
  readonly path: string | undefined;
  /** Where it begins, for messages: `docs/state.md:12`. */
  readonly place: string;
}

/** A page that people read. */
export interface Page {
  readonly name: string;
  readonly text: string;
  readonly blocks: readonly Block[];
}

/** The README and every page of `docs/`. */
export const pages: readonly Page[] = [
  "README.md",
  ...readdirSync(join(packageRoot, "docs"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
].map((name) => {
  const text = readFileSync(join(packageRoot, name), "utf8");
  return { name, text, blocks: blocksOf(name, text) };
});

/** All that is said, blocks of code included. */
export const allText: string = pages.map(({ text }) => text).join("\n");

/** Whether a block is a program of its own: all but those that are marked. */
export function isWhole({ words }: Block): boolean {
  return !words.includes("fragment");
}

function blocksOf(name: string, text: string): readonly Block[] {
  return [...text.matchAll(/^```(\S*)([^\n]*)\n([^]*?)^```$/gm)].map((match) => {
    const [, language = "", words = "", code = ""] = match;
    const line = text.slice(0, match.index).split("\n").length;
    return {
      language,
      words: words.split(" ").filter((word) => word !== ""),
      text: code,
      path: /^(?:\/\/|#) (\S+\.\w+)\n/.exec(code)?.[1],
      place: `${name}:${line}`,
    };
  });
}

/** A page without its blocks of code. */
export function prose({ text }: Page): string {
  return text.replaceAll(/^```[^]*?^```$/gm, "");
}
