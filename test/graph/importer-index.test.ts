import { describe, expect, test } from "vitest";
import { ImporterIndex } from "../../src/graph/index.ts";

function concerned(
  requests: Readonly<Record<string, readonly [name: string, target: string | undefined]>>,
  created: string,
): readonly string[] {
  const index = new ImporterIndex();
  for (const [importer, [name, target]] of Object.entries(requests)) index.set(importer, [{ name, target }]);
  return [...new Set(index.concernedBy(created))].toSorted();
}

describe("whom the creation of a file concerns", () => {
  test("everybody who found nothing before", () => {
    expect(concerned({ a: ["@/x", undefined], b: ["/src/y", "/src/y.ts"] }, "/src/z.ts")).toEqual(["a"]);
  });

  test("those who found a file that it may come before", () => {
    const requests = {
      script: ["/src/price", "/src/price.js"],
      folder: ["/src/price", "/src/price/index.ts"],
      alias: ["@/price", "/src/price.ts"],
      other: ["/src/prices", "/src/prices.ts"],
    } as const;
    expect(concerned(requests, "/src/price.mjs")).toEqual(["alias", "folder", "script"]);
    expect(concerned(requests, "/src/price/index.js")).toEqual(["alias", "folder", "script"]);
  });

  test("dots in a name are part of it", () => {
    expect(concerned({ a: ["/src/user.model", "/src/user.model.js"] }, "/src/user.model.ts")).toEqual(["a"]);
  });

  test("those who found something of another name, which a map may now lead elsewhere", () => {
    expect(concerned({ a: ["@acme/ui", "/packages/ui/src/main.ts"] }, "/packages/ui/other.ts")).toEqual([
      "a",
    ]);
  });

  test("nobody who imports a package of another name", () => {
    expect(concerned({ a: ["react", "react"] }, "/src/price.ts")).toEqual([]);
  });

  test("only what was said last", () => {
    const index = new ImporterIndex();
    index.set("a", [{ name: "/src/x", target: undefined }]);
    index.set("a", [{ name: "/src/x", target: "/src/x.ts" }]);
    expect([...index.concernedBy("/src/y.ts")]).toEqual([]);
    index.delete("a");
    expect([...index.concernedBy("/src/x.js")]).toEqual([]);
  });
});
