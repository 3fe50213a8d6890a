import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { packageRoot } from "../cli/project.ts";
import { pages, prose } from "./pages.ts";

// What leads from page to page.

/** The name that GitHub gives to a heading. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
    .replaceAll(" ", "-");
}

function anchorsOf(file: string): readonly string[] {
  const text = readFileSync(join(packageRoot, file), "utf8").replaceAll(/^```[^]*?^```$/gm, "");
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) => anchorOf(heading));
}

function linksOf(text: string): readonly string[] {
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => target);
}

test("the README has at most 250 lines", () => {
  const readme = pages.find(({ name }) => name === "README.md");
  expect(readme?.text.trimEnd().split("\n").length).toBeLessThanOrEqual(250);
});

describe.for(pages)("$name", (page) => {
  test("links lead to files and headings that are there", () => {
    const broken = linksOf(prose(page)).filter((link) => {
      if (/^[a-z]+:/.test(link)) return false;
      const [path = "", anchor] = link.split("#");
      const target = path === "" ? page.name : join(dirname(page.name), path);
      if (!existsSync(join(packageRoot, target))) return true;
      return anchor !== undefined && !anchorsOf(target).includes(anchor);
    });
    expect(broken).toEqual([]);
  });
});

test.for(pages.filter(({ name }) => name.startsWith("docs/")))("the README links to $name", ({ name }) => {
  const readme = pages.find((page) => page.name === "README.md");
  expect(linksOf(readme?.text ?? "")).toContain(name);
});
