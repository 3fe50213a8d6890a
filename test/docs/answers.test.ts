import { describe, expect, test } from "vitest";
import { serve } from "../vite/support/serve.ts";
import { isProgram, projectOf } from "./page-project.ts";
import { pages } from "./pages.ts";
import type { Page } from "./pages.ts";

// What a page shows below a request is what its routes answer, one request after the other.

/** A `curl` of a page, with the lines of comment that follow it. */
interface ShownRequest {
  readonly place: string;
  readonly line: string;
  /** What varies from run to run is `…`. */
  readonly answer: string;
}

function requestsOf({ blocks }: Page): readonly ShownRequest[] {
  return blocks
    .filter(({ language }) => language === "sh")
    .flatMap(({ text, place }) =>
      [...text.matchAll(/^(curl .*)\n((?:# .*\n)*)/gm)].map(([, line = "", comment = ""]) => ({
        place,
        line,
        answer: comment.replaceAll(/^# /gm, "").trimEnd(),
      })),
    );
}

/** The words of a command as a shell reads them, as far as pages use that. */
function wordsOf(line: string): readonly string[] {
  return Array.from(line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g), ([, single, double, bare]) =>
    String(single ?? double ?? bare),
  );
}

/** What `curl` would send. */
function requestOf(line: string): { readonly path: string; readonly init: RequestInit } {
  const [, ...words] = wordsOf(line);
  const headers = new Headers();
  let path: string | undefined;
  let method: string | undefined;
  let body: string | undefined;
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (word === "-X") method = words.shift();
    else if (word === "-d") body = words.shift();
    else if (word === "-H") {
      const [name = "", ...value] = (words.shift() ?? "").split(":");
      headers.set(name, value.join(":").trim());
    } else if (word.startsWith("localhost:")) path = word.slice(word.indexOf("/"));
    else throw new Error(`Nobody reads ${word} of: ${line}`);
  }
  if (path === undefined) throw new Error(`No address in: ${line}`);
  if (body !== undefined && !headers.has("content-type"))
    headers.set("content-type", "application/x-www-form-urlencoded");
  return {
    path,
    init: { method: method ?? (body === undefined ? "GET" : "POST"), headers, body: body ?? null },
  };
}

/** Whether a text is what is shown, with anything in place of each `…`. */
function isLike(text: string, shown: string): boolean {
  const pieces = shown.split("…");
  const [first = ""] = pieces;
  if (pieces.length === 1) return text === shown;
  let end = 0;
  const areInOrder = pieces.every((piece) => {
    const at = text.indexOf(piece, end);
    end = at + piece.length;
    return at !== -1;
  });
  return areInOrder && text.startsWith(first) && text.endsWith(pieces.at(-1) ?? "");
}

const asking = pages.filter((page) => requestsOf(page).length > 0);

test("pages show requests", () => {
  expect(asking.map(({ name }) => name)).toEqual(
    expect.arrayContaining(["README.md", "docs/moving.md", "docs/routes.md", "docs/state.md"]),
  );
});

describe.for(asking)("$name", (page) => {
  test("every request shows its answer, and it is that of the routes on the page", async () => {
    const { fetch } = await serve(projectOf(page.blocks.filter(isProgram)), { watch: false });
    for (const { place, line, answer } of requestsOf(page)) {
      expect(answer, `${place}: ${line} shows no answer`).not.toBe("");
      const { path, init } = requestOf(line);
      const text = (await fetch(path, init)).text.trimEnd();
      // What differs on purpose is compared piece by piece; then the page counts as it stands.
      expect(isLike(text, answer) ? answer : text, `${place}: ${line}`).toBe(answer);
    }
  });
});
