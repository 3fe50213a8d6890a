import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { loadConfigFromFile } from "vite";
import { describe, expect, test } from "vitest";
import { readArguments } from "../../src/cli/arguments.ts";
import { routeOfFile } from "../../src/routes/route-file.ts";
import { resolveOptions } from "../../src/settings/options.ts";
import { loadOrbitonConfig } from "../../src/vite/orbiton-config.ts";
import { packageRoot } from "../cli/project.ts";
import { serve } from "../vite/support/serve.ts";
import { isConfig, isProgram, isRoute, projectOf } from "./page-project.ts";
import { pages } from "./pages.ts";
import type { Block } from "./pages.ts";

// What stands in a block of code does what the page says that it is: a route is served, a config is read, a command exists.

const allBlocks = pages.flatMap(({ blocks }) => blocks);
/** A URL that the route of a file answers. */
function urlOf({ path = "" }: Block): string {
  const route = routeOfFile(path.slice("pages/api/".length));
  if (route.kind !== "route") throw new Error(`${path} is no route.`);
  const segments = path
    .slice("pages/api/".length)
    .replace(/(?:^|\/)index\.\w+$|\.\w+$/, "")
    .split("/")
    .map((segment) => (segment.startsWith("[") ? "shown" : segment));
  return `/api/${segments.join("/")}`;
}

const served = pages.flatMap(({ name, blocks }) => {
  const programs = blocks.filter(isProgram);
  return programs.some(isRoute) ? [{ name, programs }] : [];
});

test.for(served)("$name: every route answers, in one project", async ({ programs }) => {
  const { fetch } = await serve(projectOf(programs), { watch: false });
  for (const block of programs.filter(isRoute)) {
    // What a route does not answer is 404 or 405; code that does not load or throws is 500.
    for (const method of ["GET", "POST"]) {
      const { status, text } = await fetch(urlOf(block), { method });
      expect(status, `${block.place}, ${method}: ${text}`).toBeLessThan(500);
    }
  }
});

const others = pages.flatMap(({ blocks }) => {
  const programs = blocks.filter(isProgram);
  return programs
    .filter((block) => !isRoute(block) && !isConfig(block))
    .map((block) => ({ block, programs }));
});

test.for(others)("$block.place: a module that is no route evaluates", async ({ block, programs }) => {
  const file = block.path ?? `block-${programs.indexOf(block)}.${block.language}`;
  const project = projectOf(programs);
  project.write(
    "pages/api/shown.js",
    `import "../../${file}";\nexport const GET = () => new Response("loaded");\n`,
  );
  const { get } = await serve(project, { watch: false });
  expect(await get("/api/shown")).toBe("loaded");
});

async function pluginsOf(block: Block): Promise<readonly string[]> {
  const { root } = projectOf([block]);
  const file = join(root, block.path ?? "");
  const loaded = await loadConfigFromFile({ command: "serve", mode: "development" }, file, root);
  return (loaded?.config.plugins ?? []).flat(2).map((plugin) => (plugin as { readonly name: string }).name);
}

test.for(allBlocks.filter(({ path = "" }) => path.startsWith("vite.config.")))(
  "$place: the config has the plugin",
  async (block) => {
    expect(await pluginsOf(block)).toContain("orbit-hmr");
  },
);

const ownConfigs = allBlocks.flatMap((block) => {
  const { path = block.language === "toml" ? "orbiton.config.toml" : "" } = block;
  return path.startsWith("orbiton.config.") ? [{ ...block, path }] : [];
});

test.for(ownConfigs)("$place: the config says something, and nothing that is not known", async (block) => {
  const { server, routes, build } = await loadOrbitonConfig(projectOf([block]).root);
  expect(Object.values({ ...server, ...routes, ...build }).some((value) => value !== undefined)).toBe(true);
  expect(resolveOptions(routes, {}).hmr.maxRetries).toBe(3);
});

test.for(allBlocks.filter(({ language }) => language === "json"))("$place is JSON", ({ text }) => {
  expect(typeof JSON.parse(text)).toBe("object");
});

/** Each command of a block, without variables in front of it and what it is piped into. */
const commandLines = allBlocks
  .filter(({ language }) => language === "sh")
  .flatMap(({ place, text }) =>
    text
      .split("\n")
      .map((line) => line.replace(/\s+#.*$/, ""))
      .flatMap((line) => line.split(/\s(?:&&|\||>)\s/))
      .map((line) => ({
        place,
        words: line
          .trim()
          .split(/\s+/)
          .filter((word) => !/^[A-Z_]+=/.test(word)),
      })),
  );

/** Commands in sentences and tables: `` `npm run bench -- scale` ``. */
const quotedCommands = pages.flatMap(({ name, text }) =>
  [...text.matchAll(/`((?:npm run|npx vitest|node bench\/)[^`<]*)(?:<[^`]*)?`/g)].map(([, line = ""]) => ({
    place: name,
    words: line.trim().split(/\s+/),
  })),
);

describe("a command of this program is understood", () => {
  const ours = commandLines.flatMap(({ place, words }) => {
    const [first, ...rest] = words[0] === "npx" ? words.slice(1) : words;
    return first === "orbiton" || first === "orbit-hmr" ? [{ place, args: rest }] : [];
  });
  test.for(ours)("$place: $args", ({ args }) => {
    expect(readArguments(args)).not.toHaveProperty("message");
  });
});

const scriptsOf = (text: string): object => (JSON.parse(text) as { readonly scripts: object }).scripts;
const scripts = scriptsOf(readFileSync(join(packageRoot, "package.json"), "utf8"));
const benches = readFileSync(join(packageRoot, "bench/run.js"), "utf8");

/** Whether vitest would run something for a path: it looks for it anywhere in the names of files. */
function isTestFilter(filter: string): boolean {
  const folder = join(packageRoot, dirname(filter));
  return existsSync(folder) && readdirSync(folder).some((name) => name.startsWith(basename(filter)));
}

describe("a command of this repository is there", () => {
  const theirs = [...quotedCommands, ...commandLines].flatMap(
    ({ place, words: [program, verb = "", ...rest] }) => {
      const line = [program, verb, ...rest].join(" ");
      if (program === "npm" && verb === "run" && rest[0] !== "smoke-test")
        return [{ place, line, isThere: () => Object.hasOwn(scripts, rest[0] ?? "") && isBench(rest[2]) }];
      if (program === "node" && verb.startsWith("bench/"))
        return [{ place, line, isThere: () => existsSync(join(packageRoot, verb)) }];
      if (program === "npx" && verb === "vitest")
        return [{ place, line, isThere: () => rest.slice(1).every(isTestFilter) }];
      return [];
    },
  );
  test.for(theirs)("$place: $line", ({ isThere }) => {
    expect(isThere()).toBe(true);
  });
});

function isBench(name: string | undefined): boolean {
  return name === undefined || new RegExp(`^  "?${name}"?:`, "m").test(benches);
}
