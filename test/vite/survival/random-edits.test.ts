import { renameSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { createProject } from "../support/project.ts";
import { serve } from "../support/serve.ts";

const MODULES = 8;
const ROUTES = 6;

/** Modules form a tree; some copy what they import while they evaluate, some wait at top level. */
function importsOf(module: number): number[] {
  return [module * 2 + 1, module * 2 + 2].filter((child) => child < MODULES);
}

function reach(module: number): number[] {
  return [module, ...importsOf(module).flatMap((child) => reach(child))];
}

function moduleText(module: number, version: number): string {
  const children = importsOf(module);
  const spread = children.map((child) => `...all${child}()`).join(", ");
  const copies = module % 3 === 1;
  return `${children.map((child) => `import { all as all${child} } from "./m${child}.ts";`).join("\n")}
${module % 4 === 2 ? "await null;" : ""}
${copies ? `const copy = { ${spread} };` : ""}
export const all = (): Record<string, number> => ({ m${module}: ${version}, ${copies ? "...copy" : spread} });
`;
}

function routeText(route: number): string {
  const copies = route % 3 === 0;
  return `import { all } from "../../lib/m${route % MODULES}.ts";
${copies ? "const copy = all();" : ""}
export const GET = async () => Response.json(${copies ? "copy" : "all()"});
`;
}

/** Numbers that look random and are the same in each run. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647;
}

test.for([
  { watch: true, propagation: "live" },
  { watch: false, propagation: "live" },
  { watch: true, propagation: "importers" },
] as const)(
  "whatever is edited while clients ask, no answer is older than its request ($propagation, watcher $watch)",
  async ({ watch, propagation }) => {
    const files: Record<string, string> = {};
    for (let module = 0; module < MODULES; module++) files[`lib/m${module}.ts`] = moduleText(module, 0);
    for (let route = 0; route < ROUTES; route++) files[`pages/api/r${route}.ts`] = routeText(route);
    const project = createProject(files);
    const { get } = await serve(project, { watch, plugin: { hmr: { propagation, debounceMs: 10 } } });
    const random = createRandom(4_711);
    const saved = Array.from({ length: MODULES }, () => 0);
    const state = { isDone: false };
    const stale: string[] = [];
    const askAll = async (route: number): Promise<void> => {
      while (!state.isDone) {
        const atLeast = [...saved];
        const answer = JSON.parse(await get(`/api/r${route}`)) as Record<string, number>;
        for (const module of reach(route % MODULES)) {
          const version = answer[`m${module}`] ?? -1;
          const wanted = atLeast[module] ?? 0;
          if (version < wanted) stale.push(`/api/r${route}: m${module} is ${version}, saved was ${wanted}`);
        }
      }
    };
    const clients = Array.from({ length: ROUTES * 2 }, async (_, client) => askAll(client % ROUTES));
    for (let edit = 0; edit < 120; edit++) {
      const module = Math.floor(random() * MODULES);
      const version = (saved[module] ?? 0) + 1;
      const isReplaced = random() < 0.5;
      const file = `lib/m${module}.ts`;
      project.write(isReplaced ? `${file}.tmp` : file, moduleText(module, version));
      if (isReplaced) renameSync(project.path(`${file}.tmp`), project.path(file));
      saved[module] = version;
      await pause(random() < 0.3 ? 0 : random() * 15);
    }
    state.isDone = true;
    await Promise.all(clients);
    expect(stale).toEqual([]);
  },
);
