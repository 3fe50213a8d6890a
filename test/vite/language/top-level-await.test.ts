import { expect, test } from "vitest";
import { askBoth } from "../support/same-as-node.ts";
import type { ProgramFiles } from "../support/same-as-node.ts";

/** A package: what a module of the project that fails has written in one of the project is taken back. */
const LOG = `export const log = []; export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));`;

/** Modules by name; each says when it begins and when it is done. */
function program(modules: Readonly<Record<string, { imports?: string; waits?: string }>>): ProgramFiles {
  const files = Object.entries(modules).map(([name, { imports = "", waits = "" }]): [string, string] => [
    `${name}.js`,
    `import { log, pause } from "log"; ${imports} log.push("${name} begins"); ${waits} log.push("${name} is done");`,
  ]);
  const log = {
    "node_modules/log/package.json": `{ "type": "module", "main": "log.js" }`,
    "node_modules/log/log.js": LOG,
  };
  return { ...log, "main.js": MAIN, ...Object.fromEntries(files) };
}

const MAIN = `
import { log } from "log";
export const result = async () => {
  try { await import("./entry.js"); } catch (error) { log.push(error.message); }
  return log.splice(0);
};`;

const SLOW = `await pause(40);`;
const SLOWER = `await pause(80);`;

const PROGRAMS: Readonly<Record<string, ProgramFiles>> = {
  "siblings that wait run side by side": program({
    a: { waits: SLOW },
    b: { waits: SLOWER },
    c: {},
    entry: { imports: `import "./a.js"; import "./b.js"; import "./c.js";` },
  }),
  "siblings may wait for each other": {
    ...program({
      a: { imports: `import { gate } from "./gate.js";`, waits: `gate.tell("a"); await gate.b;` },
      b: { imports: `import { gate } from "./gate.js";`, waits: `gate.tell("b"); await gate.a;` },
      entry: { imports: `import "./a.js"; import "./b.js";` },
    }),
    "gate.js": `const tellers = {}; export const gate = { tell: (name) => tellers[name]() };
      for (const name of ["a", "b"]) gate[name] = new Promise((resolve) => { tellers[name] = resolve; });`,
  },
  "who imports one that waits begins when that is done, and nobody else waits": program({
    slow: { waits: SLOW },
    user: { imports: `import "./slow.js";` },
    above: { imports: `import "./user.js";` },
    free: {},
    entry: { imports: `import "./above.js"; import "./free.js";` },
  }),
  "two that wait for the same one begin in the order of imports": program({
    slow: { waits: SLOW },
    a: { imports: `import "./slow.js";` },
    b: { imports: `import "./slow.js";` },
    entry: { imports: `import "./b.js"; import "./a.js";` },
  }),
  "the one that is done first lets its users go first": program({
    slower: { waits: SLOWER },
    slow: { waits: SLOW },
    a: { imports: `import "./slower.js";` },
    b: { imports: `import "./slow.js";` },
    entry: { imports: `import "./a.js"; import "./b.js";` },
  }),
  "one that waits below one that waits": program({
    bottom: { waits: SLOW },
    middle: { imports: `import "./bottom.js";`, waits: SLOW },
    other: { waits: `await pause(60);` },
    entry: { imports: `import "./middle.js"; import "./other.js";` },
  }),
  "who needs two that wait begins with the later one, and after those that need one": program({
    slow: { waits: SLOW },
    second: { imports: `import "./slow.js";`, waits: SLOW },
    both: { imports: `import "./slow.js"; import "./second.js";` },
    one: { imports: `import "./slow.js";` },
    entry: { imports: `import "./both.js"; import "./one.js";` },
  }),
  "in a cycle nobody waits for those who come later": program({
    a: { imports: `import "./b.js";`, waits: SLOW },
    b: { imports: `import "./a.js";` },
    free: {},
    entry: { imports: `import "./a.js"; import "./free.js";` },
  }),
  "from outside, a cycle is done when all of it is": program({
    a: { imports: `import "./b.js";`, waits: SLOW },
    b: { imports: `import "./a.js";` },
    user: { imports: `import "./b.js";` },
    entry: { imports: `import "./a.js"; import "./user.js";` },
  }),
  "in a cycle who comes later waits": program({
    a: { imports: `import "./b.js"; import "./c.js";` },
    b: { imports: `import "./a.js";`, waits: SLOW },
    c: { imports: `import "./a.js"; import "./b.js";` },
    entry: { imports: `import "./a.js";` },
  }),
  "what two ask for while they wait runs once, and both wait for it": program({
    late: { waits: SLOW },
    a: { waits: `await import("./late.js");` },
    b: { waits: `await import("./late.js"); ${SLOW}` },
    entry: { imports: `import "./a.js"; import "./b.js";` },
  }),
  "a request for one that has begun waits until it is done": program({
    slow: { waits: SLOWER },
    asks: { waits: `await import("./slow.js");` },
    entry: { imports: `import "./slow.js"; import "./asks.js";` },
  }),
  "a request for one that has not begun waits for what that waits for": program({
    slow: { waits: SLOW },
    user: { imports: `import "./slow.js";` },
    asks: { waits: `await import("./user.js");` },
    entry: { imports: `import "./slow.js"; import "./asks.js"; import "./user.js";` },
  }),
  "what is asked for, but not awaited, begins when who has asked is done, if it imports that": program({
    late: { imports: `import "./asks.js";` },
    asks: { waits: `import("./late.js"); ${SLOW}` },
    entry: { imports: `import { pause as rest } from "log"; import "./asks.js";`, waits: `await rest(20);` },
  }),
  "one fails at once while another waits": program({
    slow: { waits: SLOW },
    fails: { waits: `throw new Error("fails");` },
    entry: { imports: `import "./slow.js"; import "./fails.js";` },
  }),
  "the one that fails first is the answer": program({
    slower: { waits: `${SLOWER} throw new Error("later");` },
    slow: { waits: `${SLOW} throw new Error("sooner");` },
    entry: { imports: `import "./slower.js"; import "./slow.js";` },
  }),
  "who needs one that fails does not begin": program({
    slow: { waits: `${SLOW} throw new Error("fails");` },
    user: { imports: `import "./slow.js";` },
    entry: { imports: `import "./user.js";` },
  }),
  "a loop that waits is a wait": program({
    loop: { waits: `for await (const ms of [20, 20]) await pause(ms);` },
    free: {},
    entry: { imports: `import "./loop.js"; import "./free.js";` },
  }),
};

test.for(Object.entries(PROGRAMS))("modules wait at top level as in Node: %s", async ([, files]) => {
  const { node, server } = await askBoth(files);
  expect(server).toEqual(node);
});
