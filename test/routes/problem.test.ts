import { describe, expect, test } from "vitest";
import { problemResponse } from "../../src/routes/problem.ts";
import type { ProblemDetails } from "../../src/routes/problem-details.ts";
import { problemOfMatch } from "../../src/routes/routing-problem.ts";

const problem: ProblemDetails = {
  type: "urn:orbit-hmr:handler-error",
  title: "The handler threw",
  status: 500,
  detail: "x is not defined",
  file: "pages/api/users.ts",
  line: 3,
  column: 7,
  frame: "> 3 | return x;",
  version: 12,
};
const BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

function isPage(accept: string | null): boolean {
  return problemResponse(problem, { accept }).headers.get("content-type") === "text/html; charset=utf-8";
}

describe("only a client that would rather have HTML gets a page", () => {
  test.each([
    [BROWSER, true],
    ["text/html", true],
    ["TEXT/HTML", true],
    ["application/json;q=0.5, text/html", true],
    ["*/*", false],
    ["", false],
    [null, false],
    ["application/json", false],
    ["application/json, text/html", false],
    ["application/problem+json, text/html;q=0.9", false],
    ["text/html;q=0", false],
    ["text/html;q=nonsense", false],
    ["text/*", false],
  ])("%o: %o", (accept, expected) => {
    expect(isPage(accept)).toBe(expected);
  });
});

test("a problem is JSON with all that is known and nothing else", async () => {
  const response = problemResponse(problem, { accept: "*/*" });

  expect(response.status).toBe(500);
  expect(response.headers.get("content-type")).toBe("application/problem+json");
  expect(await response.json()).toEqual(problem);
  const short = { type: "about:blank", title: "Not Found", status: 404, detail: "No route." };
  expect(await problemResponse(short, { accept: null }).json()).toEqual(short);
});

test.each(["*/*", BROWSER])("a problem is not cached, not sniffed and may carry headers (%s)", (accept) => {
  const { headers } = problemResponse(problem, { accept, headers: { allow: "GET" } });

  expect(headers.get("cache-control")).toBe("no-store");
  expect(headers.get("x-content-type-options")).toBe("nosniff");
  expect(headers.get("vary")).toBe("accept");
  expect(headers.get("allow")).toBe("GET");
});

test("a page shows everything as text", async () => {
  const hostile = `<script>alert("1")</script>&'`;
  const response = problemResponse(
    { ...problem, title: hostile, detail: hostile, file: hostile, frame: hostile },
    { accept: BROWSER },
  );
  const page = await response.text();

  expect(page).not.toContain("<script");
  expect(page.split("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#39;")).toHaveLength(6);
  expect(response.headers.get("content-security-policy")).toBe(
    "default-src 'none'; style-src 'unsafe-inline'",
  );
});

test("a page names the place, the version and shows the frame", async () => {
  const page = await problemResponse(problem, { accept: BROWSER }).text();

  expect(page).toContain("pages/api/users.ts:3:7");
  expect(page).toContain("&gt; 3 | return x;");
  expect(page).toContain("Version 12");
});

test.each(["*/*", BROWSER])("terminal colours do not reach the client (%s)", async (accept) => {
  const coloured = "\u001B[31mred\u001B[0m";
  const response = problemResponse(
    { ...problem, detail: coloured, frame: coloured, title: coloured },
    { accept },
  );
  const text = await response.text();

  expect(text).toContain("red");
  expect(text).not.toContain("[31m");
});

describe("a path without a handler has a problem", () => {
  test.each([
    [{ kind: "none" } as const, 404, "No route answers /api/x."],
    [
      { kind: "bad-path", segment: "%zz" } as const,
      400,
      "Expected valid percent-encoding (UTF-8) in the path, got %zz.",
    ],
    [
      {
        kind: "conflict",
        path: "/api/x",
        files: ["a.ts", "b.ts"],
        message: "[orbit] Two files claim /api/x.",
      } as const,
      500,
      "[orbit] Two files claim /api/x.",
    ],
  ])("%o", (match, status, detail) => {
    expect(problemOfMatch(match, "/api/x")).toMatchObject({ status, detail });
  });
});
