import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { requireNode, requireVite, VITE_RANGE } from "../../src/settings/requirements.ts";

test("what is required is what package.json says", () => {
  const manifest = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
    readonly engines: { readonly node: string };
    readonly peerDependencies: { readonly vite: string };
  };
  expect(VITE_RANGE).toBe(manifest.peerDependencies.vite);
  expect(manifest.engines.node).toBe("^20.19.0 || >=22.12.0");
});

test.each(["20.19.0", "20.20.2", "22.12.0", "22.13.1", "23.0.0", "24.11.0", "26.0.0-nightly"])(
  "Node %s will do",
  (version) => {
    expect(() => requireNode(version)).not.toThrow();
  },
);

test.each(["18.20.8", "20.18.9", "21.7.3", "22.11.0"])("Node %s is told what is needed", (version) => {
  expect(() => requireNode(version)).toThrow(
    `[orbit] orbit-hmr needs Node 20.19 or 22.12 and newer; this is Node ${version}: https://nodejs.org`,
  );
});

test.each(["8.0.16", "8.1.0", "8.1.0-beta.2", "9.0.0"])("Vite %s will do", (version) => {
  expect(() => requireVite(version)).not.toThrow();
});

test.each(["5.4.0", "7.3.8", "8.0.15"])("Vite %s is told what is needed", (version) => {
  expect(() => requireVite(version)).toThrow(
    `[orbit] orbit-hmr needs Vite ^8.0.16, and this project has Vite ${version}: npm install --save-dev vite@^8.0.16`,
  );
});
