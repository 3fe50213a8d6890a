import { expect, test } from "vitest";
import { chainsTo, graphModel, searchGraph } from "../../src/panel/graph/graph-model.ts";
import type { GraphModel } from "../../src/panel/graph/graph-model.ts";
import { placeBoxes } from "../../src/panel/graph/layers.ts";
import { MAX_ELEMENTS, openAtFirst, shownAround, shownGraph } from "../../src/panel/graph/shown-graph.ts";
import type { Box } from "../../src/panel/graph/shown-graph.ts";
import { randomFrom } from "../support/random.ts";

/** A graph from its edges, such as `a.ts > b.ts`; a file below `pages/api/` is a route. */
function graphOf(...edges: readonly string[]): GraphModel {
  const pairs = edges.map((edge) => edge.split(" > "));
  const ids = [...new Set(pairs.flat())].toSorted();
  return graphModel({
    ids,
    routes: ids.flatMap((id, at) => {
      const [, path] = /^pages(\/api\/.*)\.ts$/.exec(id) ?? [];
      return path === undefined ? [] : [{ at, path }];
    }),
    externals: ids.flatMap((id, at) => (id.includes(".") ? [] : [at])),
    edges: pairs.flatMap(([from = "", to = ""]) => [ids.indexOf(from), ids.indexOf(to), 0]),
    limits: [],
  });
}

const namesIn = ({ ids }: GraphModel, nodes: readonly number[]): readonly string[] =>
  nodes.map((node) => ids[node] ?? "");

/** 5,000 files in many folders; whoever imports somebody imports three. */
function large(): GraphModel {
  const random = randomFrom(3);
  const names = Array.from({ length: 5_000 }, (_, at) =>
    at < 300 ? `pages/api/group${at % 20}/route${at}.ts` : `src/area${at % 13}/part${at % 90}/file${at}.ts`,
  );
  return graphOf(
    ...names.flatMap((name, at) =>
      at > 4_990 ? [] : [1, 2, 3].map(() => `${name} > ${names[at + 1 + random(4_999 - at)]}`),
    ),
  );
}

const boxesIn = (boxes: readonly Box[]): readonly Box[] =>
  boxes.flatMap((box) => [box, ...boxesIn(box.inner ?? [])]);

test("a folder that holds only a folder is told as one with it", () => {
  const { root } = graphOf(
    "src/server/lib/a.ts > src/server/lib/b.ts",
    "pages/api/a.ts > src/server/lib/a.ts",
  );
  expect(root.folders.map(({ name, count }) => [name, count])).toEqual([
    ["pages/api", 1],
    ["src/server/lib", 2],
  ]);
});

test("what is outside of the project is in a folder of its own", () => {
  const { root } = graphOf("lib/a.ts > react", "lib/a.ts > @scope/ui");
  expect(root.folders.map(({ key }) => key)).toEqual(["lib/", "node_modules/"]);
});

test("the ways to a file are the shortest from each route, the nearest route first", () => {
  const model = graphOf(
    "pages/api/far.ts > lib/a.ts",
    "lib/a.ts > lib/b.ts",
    "lib/b.ts > lib/a.ts",
    "lib/b.ts > lib/c.ts",
    "pages/api/near.ts > lib/c.ts",
    "pages/api/other.ts > lib/d.ts",
  );
  const chains = chainsTo(model, model.ids.indexOf("lib/c.ts"), 10);
  expect(chains.map((chain) => namesIn(model, chain))).toEqual([
    ["pages/api/near.ts", "lib/c.ts"],
    ["pages/api/far.ts", "lib/a.ts", "lib/b.ts", "lib/c.ts"],
  ]);
});

test("a search finds files and routes, those first that end with it", () => {
  const model = graphOf("lib/price/index.ts > lib/price.ts", "pages/api/price.ts > lib/price.ts");
  expect(namesIn(model, searchGraph(model, "PRICE.ts", 10))).toEqual(["lib/price.ts", "pages/api/price.ts"]);
  expect(namesIn(model, searchGraph(model, "/api/pri", 10))).toEqual(["pages/api/price.ts"]);
  expect(searchGraph(model, " ", 10)).toEqual([]);
});

test("never more than the limit is drawn, whatever is opened, and what was opened last is open", () => {
  const model = large();
  const keys: string[] = [...openAtFirst(model)];
  const random = randomFrom(5);
  for (let round = 0; round < 60; round++) {
    const { boxes, lines, open } = shownGraph(model, keys);
    const all = boxesIn(boxes);
    expect(all.length + lines.length).toBeLessThanOrEqual(MAX_ELEMENTS);
    expect(open.has(keys.at(-1) ?? "")).toBe(true);
    const closed = all.filter(({ kind, inner }) => kind === "folder" && inner === undefined);
    const next = closed[random(closed.length)];
    if (next !== undefined) keys.push(next.key);
  }
  const [target = 0] = searchGraph(model, "file4990.ts", 1);
  const around = shownAround(model, target, chainsTo(model, target, 12));
  expect(around.boxes.length + around.lines.length).toBeLessThanOrEqual(MAX_ELEMENTS);
});

test("lines stand for all imports between what is drawn", () => {
  const model = graphOf(
    "pages/api/a.ts > lib/x.ts",
    "pages/api/b.ts > lib/x.ts",
    "pages/api/b.ts > lib/y.ts",
  );
  expect(shownGraph(model, []).lines).toEqual([{ from: "pages/api/", to: "lib/", count: 3 }]);
});

test("no two boxes overlap, and what is in a folder is within it", () => {
  const model = large();
  const { boxes, lines } = shownGraph(model, openAtFirst(model));
  const places = placeBoxes(boxes, lines);
  const edgesOf = (key: string): readonly [number, number, number, number] => {
    const { x, y, width, height } = places.get(key) ?? { x: 0, y: 0, width: 0, height: 0 };
    return [x - width / 2, y - height / 2, x + width / 2, y + height / 2];
  };
  const check = (inside: readonly Box[], around: string | undefined): void => {
    for (const [at, box] of inside.entries()) {
      const [left, top, right, bottom] = edgesOf(box.key);
      for (const other of inside.slice(at + 1)) {
        const [l, t, r, b] = edgesOf(other.key);
        expect(right <= l || r <= left || bottom <= t || b <= top).toBe(true);
      }
      const [l, t, r, b] = around === undefined ? [left, top, right, bottom] : edgesOf(around);
      expect(l <= left && t <= top && right <= r && bottom <= b).toBe(true);
      check(box.inner ?? [], box.key);
    }
  };
  check(boxes, undefined);
});

test("who imports is left of what is imported, also where imports go in circles", () => {
  const model = graphOf("a.ts > b.ts", "b.ts > c.ts", "c.ts > b.ts", "a.ts > c.ts");
  const { boxes, lines } = shownGraph(model, []);
  const places = placeBoxes(boxes, lines);
  const xs = boxes.map(({ label, key }) => [label, places.get(key)?.x ?? 0] as const);
  expect(xs.toSorted((a, b) => a[1] - b[1]).map(([label]) => label)).toEqual(["a.ts", "b.ts", "c.ts"]);
});
