import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseSync } from "vite";
import { packageRoot } from "../cli/project.ts";
import { run } from "../cli/orbiton.ts";
import { createProject } from "../vite/support/project.ts";
import { isWhole, pages } from "./pages.ts";
import type { Block } from "./pages.ts";

// Whoever copies TypeScript from a page gets no error from the compiler.

const modules = join(packageRoot, "node_modules");

const isTypeScript = ({ language }: Block): boolean => language === "ts" || language === "tsx";

const STRICT = {
  target: "es2023",
  module: "esnext",
  moduleResolution: "bundler",
  lib: ["es2023", "dom", "dom.iterable"],
  types: ["node"],
  strict: true,
  noUnusedLocals: true,
  noUnusedParameters: true,
  noImplicitReturns: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  verbatimModuleSyntax: true,
  erasableSyntaxOnly: true,
  allowImportingTsExtensions: true,
  moduleDetection: "force",
  skipLibCheck: true,
  noEmit: true,
};

const checked = pages.filter(({ blocks }) => blocks.some((block) => isTypeScript(block) && isWhole(block)));

test.for(checked)(
  "$name: every TypeScript block is checked strictly, as a module of its own",
  async (page) => {
    const files = page.blocks
      .filter((block) => isTypeScript(block) && isWhole(block))
      .map((block, index) => [block.path ?? `block-${index}.${block.language}`, block.text] as const);
    expect(new Set(files.map(([path]) => path)).size, "two blocks of a page are one file").toBe(files.length);
    const { root } = createProject({
      "package.json": `{ "type": "module" }`,
      "tsconfig.json": JSON.stringify({ compilerOptions: STRICT, include: ["**/*"] }),
      ...Object.fromEntries(files),
    });
    for (const name of ["vite", "hono", "@types"])
      symlinkSync(join(modules, name), join(root, "node_modules", name));
    const { stdout } = await run([process.execPath, join(modules, "typescript/bin/tsc"), "-p", root]);
    expect(stdout).toBe("");
  },
);

const fragments = pages.flatMap(({ blocks }) =>
  blocks.filter((block) => /^(?:[jt]sx?)$/.test(block.language) && !isWhole(block)),
);

describe("a fragment parses", () => {
  test.for(fragments)("$place", ({ language, text }) => {
    expect(parseSync(`fragment.${language}`, text).errors).toEqual([]);
  });
});
