import { describe, expect, test } from "vitest";
import {
  countCycles,
  DependencyGraph,
  documentOf,
  dotOf,
  kindsOf,
  NameOrder,
  OutgoingEdges,
  ReachSearch,
} from "../../src/graph/index.ts";
import type { EdgeKind } from "../../src/graph/index.ts";

/** `a -> b c` per line; `a -> b:dynamic` for another kind than static. */
function graphOf(...lines: readonly string[]): DependencyGraph {
  const graph = new DependencyGraph();
  for (const line of lines) link(graph, line);
  return graph;
}

function link(graph: DependencyGraph, line: string): ReturnType<DependencyGraph["link"]> {
  const [from = "", to = ""] = line.split(" -> ");
  const edges = new OutgoingEdges();
  for (const end of to.split(" ").filter(Boolean)) {
    const [name = "", kind = "static"] = end.split(":");
    edges.add(graph.idOf(name), kind as EdgeKind);
  }
  return graph.link(graph.idOf(from), edges);
}

interface Found {
  readonly names: readonly string[];
  readonly isCut: boolean;
  readonly chain: (to: string) => string;
}

function reach(graph: DependencyGraph, start: readonly string[], rest: Partial<Wanted> = {}): Found {
  const { maxDepth = Infinity, dependents = {} } = rest;
  const found = new ReachSearch(graph).find({
    start: start.map((name) => graph.idOf(name)),
    dependentsOf: (id) => (dependents[graph.nameOf(id)] ?? []).map((name) => graph.idOf(name)),
    maxDepth,
  });
  return {
    names: new NameOrder(graph).namesOf(found.ids),
    isCut: found.isCut,
    chain: (to) =>
      found
        .chainTo(graph.idOf(to))
        .map((id) => graph.nameOf(id))
        .join(" "),
  };
}

interface Wanted {
  readonly maxDepth: number;
  readonly dependents: Readonly<Record<string, readonly string[]>>;
}

describe("edges", () => {
  test("one edge has all the kinds that its texts say", () => {
    const graph = graphOf("a -> b b:dynamic b:glob");
    const bits = graph.targetsOf(graph.idOf("a")).get(graph.idOf("b")) ?? 0;
    expect(kindsOf(bits)).toEqual(["static", "dynamic", "glob"]);
    expect(graph.edgeCount).toBe(3);
  });

  test("a new text replaces what the old one asked for, in both directions", () => {
    const graph = graphOf("a -> b c", "d -> c");
    const { isChanged, lost } = link(graph, "a -> d");
    expect(isChanged).toBe(true);
    expect(lost.map((id) => graph.nameOf(id))).toEqual(["b", "c"]);
    expect(reach(graph, ["c"]).names).toEqual(["a", "c", "d"]);
    expect(reach(graph, ["b"]).names).toEqual(["b"]);
    expect(graph.edgeCount).toBe(2);
  });

  test("the same edges again are no change, another kind is one", () => {
    const graph = graphOf("a -> b c");
    expect(link(graph, "a -> c b").isChanged).toBe(false);
    expect(link(graph, "a -> c b:dynamic").isChanged).toBe(true);
  });
});

describe("what nobody holds", () => {
  const graph = graphOf("own -> a", "a -> b", "x -> y x", "y -> x z", "z -> ");
  const unheld = (name: string): readonly string[] | undefined => {
    const found = graph.unheldAbove(graph.idOf(name), (id) => graph.nameOf(id) === "own");
    return found && [...found].map((id) => graph.nameOf(id)).toSorted();
  };

  test("is everything that leads to it, however it turns in circles", () => {
    expect(unheld("z")).toEqual(["x", "y", "z"]);
  });

  test("is nothing where something of it is held", () => {
    expect(unheld("b")).toBeUndefined();
  });
});

describe("what a change reaches", () => {
  test("everything that leads to it, directly or not", () => {
    const graph = graphOf("route -> a", "a -> b", "b -> c", "other -> d");
    expect(reach(graph, ["c"]).names).toEqual(["a", "b", "c", "route"]);
  });

  test("cycles are walked once", () => {
    const graph = graphOf("route -> a", "a -> b", "b -> a c", "c -> a", "d -> d");
    expect(reach(graph, ["c"]).names).toEqual(["a", "b", "c", "route"]);
    expect(reach(graph, ["d"]).names).toEqual(["d"]);
  });

  test("one search answers for a whole batch", () => {
    const graph = graphOf("r1 -> a", "r2 -> b", "r3 -> c");
    expect(reach(graph, ["a", "b"]).names).toEqual(["a", "b", "r1", "r2"]);
  });

  test("a search leaves nothing behind for the next", () => {
    const graph = graphOf("r1 -> a", "r2 -> b");
    const search = new ReachSearch(graph);
    const names = (name: string): readonly string[] => {
      const input = { start: [graph.idOf(name)], dependentsOf: () => [], maxDepth: Infinity };
      return new NameOrder(graph).namesOf(search.find(input).ids);
    };
    expect([names("a"), names("b"), names("a")]).toEqual([
      ["a", "r1"],
      ["b", "r2"],
      ["a", "r1"],
    ]);
  });

  test("the chain is the shortest way", () => {
    const graph = graphOf("route -> a b", "a -> b", "b -> c");
    expect(reach(graph, ["c"]).chain("route")).toBe("c b route");
    expect(reach(graph, ["c"]).chain("c")).toBe("c");
  });

  test("among equal ways the chain is the first by name, whatever was linked first", () => {
    const one = graphOf("x -> c", "b -> c", "route -> x b");
    const two = graphOf("route -> b x", "b -> c", "x -> c");
    expect(reach(one, ["c"]).chain("route")).toBe("c b route");
    expect(reach(two, ["c"]).chain("route")).toBe("c b route");
  });

  test("a search that is cut says so", () => {
    const graph = graphOf("route -> a", "a -> b", "b -> c");
    expect(reach(graph, ["c"], { maxDepth: 2 })).toMatchObject({ names: ["a", "b", "c"], isCut: true });
    expect(reach(graph, ["c"], { maxDepth: 3 })).toMatchObject({ isCut: false });
    expect(reach(graph, ["route"], { maxDepth: 1 }).isCut).toBe(false);
  });

  test("a cut that misses nothing is none", () => {
    const graph = graphOf("a -> b", "b -> a");
    expect(reach(graph, ["a"], { maxDepth: 1 })).toMatchObject({ names: ["a", "b"], isCut: false });
  });

  test("those who depend on a change without an edge are reached, and what leads to them", () => {
    const graph = graphOf("route -> loader", "other -> a");
    const found = reach(graph, ["x"], { dependents: { x: ["loader"] } });
    expect(found.names).toEqual(["loader", "route", "x"]);
    expect(found.chain("route")).toBe("x loader route");
  });

  test("a file that is gone still reaches those who led to it when it went", () => {
    const graph = graphOf("route -> a", "a -> b");
    graph.remove(graph.idOf("b"));
    link(graph, "a -> ");
    expect(reach(graph, ["b"]).names).toEqual(["a", "b", "route"]);
    expect(reach(graph, ["b"]).chain("route")).toBe("b a route");
  });

  test("a file that is there again reaches those who lead to it now", () => {
    const graph = graphOf("route -> a", "a -> b");
    graph.remove(graph.idOf("b"));
    link(graph, "a -> ");
    graph.restore(graph.idOf("b"));
    expect(reach(graph, ["b"]).names).toEqual(["b"]);
  });
});

describe("cycles", () => {
  test.each<readonly [expected: number, lines: readonly string[]]>([
    [0, ["a -> b c", "b -> c"]],
    [1, ["a -> b", "b -> c", "c -> a"]],
    [1, ["a -> a"]],
    [1, ["a -> b c", "b -> a", "c -> a"]],
    [2, ["a -> b", "b -> a c", "c -> d", "d -> c"]],
  ])("there are %i in %j", (expected, lines) => {
    expect(countCycles(graphOf(...lines))).toBe(expected);
  });

  test("a chain of imports longer than the stack is deep has none", () => {
    const graph = graphOf(...Array.from({ length: 20_000 }, (_, index) => `${index} -> ${index + 1}`));
    expect(countCycles(graph)).toBe(0);
  });
});

describe("the document", () => {
  test("is the same whatever was linked first, and leaves out what is no part of it", () => {
    const one = graphOf("b -> a a:dynamic", "c -> b");
    const two = graphOf("gone -> ", "c -> b", "b -> a:dynamic a");
    const documents = [one, two].map((graph) =>
      documentOf(graph, (id) => {
        const name = graph.nameOf(id);
        if (name === "gone") return undefined;
        return name === "c" ? { kind: "route", path: "/api/c" } : { kind: "module" };
      }),
    );
    expect(documents[0]).toEqual(documents[1]);
    expect(documents[0]).toEqual({
      nodes: [
        { id: "a", kind: "module" },
        { id: "b", kind: "module" },
        { id: "c", kind: "route", path: "/api/c" },
      ],
      edges: [
        { from: "b", to: "a", kind: "dynamic" },
        { from: "b", to: "a", kind: "static" },
        { from: "c", to: "b", kind: "static" },
      ],
    });
  });

  test("names in the language of Graphviz are quoted", () => {
    const dot = dotOf({
      nodes: [{ id: 'a"b\\.ts', kind: "route", path: "/a" }],
      edges: [{ from: 'a"b\\.ts', to: "c", kind: "glob" }],
    });
    expect(dot).toContain(String.raw`"a\"b\\.ts" [shape=box, style=bold, label="/a\na\"b\\.ts"];`);
    expect(dot).toContain(String.raw`"a\"b\\.ts" -> "c" [label="glob", style=dashed];`);
  });
});
