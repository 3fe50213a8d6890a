import path from "node:path";
import { expect, test } from "vitest";
import { GlobFolders } from "../../src/project/index.ts";
import { createProject, route } from "../vite/support/project.ts";
import type { Project } from "../vite/support/project.ts";
import { serve } from "../vite/support/serve.ts";
import { openGraph } from "./open-graph.ts";

/** What a call asks for, and the names of the files that it means. */
interface Request {
  readonly patterns: string;
  readonly base?: string;
  readonly options?: string;
  readonly means: string;
  /** A file that comes later, alone, and what is meant then. */
  readonly added: string;
  readonly meansThen: string;
}

/** In a folder that holds nothing that is meant: no import has been looked for there. */
const ANYWHERE = { means: "a b c", added: "parts/deep/bare/new.js", meansThen: "a b c new" };
const ONE_FOLDER = { means: "a", added: "parts/new.js", meansThen: "a new" };

/** Asked for in `pages/api/[id]`. */
const requests: Readonly<Record<string, Request>> = {
  relative: { patterns: `"../../../parts/**/*.js"`, ...ANYWHERE },
  "in one folder": { patterns: `"../../../parts/*.js"`, ...ONE_FOLDER },
  "in folders of one depth": {
    patterns: `"../../../parts/*/*/*.js"`,
    means: "c",
    added: "parts/deep/bare/new.js",
    meansThen: "c new",
  },
  "from the root": { patterns: `"/parts/**/*.js"`, ...ANYWHERE },
  "with an alias": { patterns: `"@parts/**/*.js"`, ...ANYWHERE },
  "with an alias for a folder outside of the root": {
    patterns: `"@shared/**/*.js"`,
    means: "s",
    added: "../shared/bare/new.js",
    meansThen: "new s",
  },
  "through the imports of package.json": { patterns: `"#parts/*.js"`, ...ONE_FOLDER },
  "from a base": { patterns: `"./**/*.js"`, base: "../../../parts", ...ANYWHERE },
  "from a base at the root": {
    patterns: `"./deep/**/*.js"`,
    base: "/parts",
    means: "b c",
    added: "parts/deep/bare/new.js",
    meansThen: "b c new",
  },
  "in a list": {
    patterns: `["../../../parts/*.js", '/parts/deep/bare/*.js']`,
    means: "a",
    added: "parts/deep/bare/new.js",
    meansThen: "a new",
  },
  "without what is left out by name": {
    patterns: `["../../../parts/**/*.js", "!**/{b,other}.js"]`,
    means: "a c",
    added: "parts/deep/bare/new.js",
    meansThen: "a c new",
  },
  "without a folder": {
    patterns: `["/parts/**/*.js", "!/parts/deep/er/**"]`,
    means: "a b",
    added: "parts/deep/bare/new.js",
    meansThen: "a b new",
  },
  "in a template without holes": { patterns: "`../../../parts/**/*.js`", ...ANYWHERE },
  "with alternatives": {
    patterns: `"../../../parts/{a,deep/bare/*}.js"`,
    means: "a",
    added: "parts/deep/bare/new.js",
    meansThen: "a new",
  },
  "beside the module, in a folder whose name is no pattern": {
    patterns: `"./own/**/*.js"`,
    means: "o",
    added: "pages/api/[id]/own/bare/new.js",
    meansThen: "new o",
  },
  "in any case": {
    patterns: `"/parts/**/[AN]*.js"`,
    options: "caseSensitive: false",
    means: "a",
    added: "parts/deep/bare/new.js",
    meansThen: "a new",
  },
};

/** The graph leaves out hidden files, and knows a file by the name that no link leads to. */
const requestsOfServers: Readonly<Record<string, Request>> = {
  "of hidden files": {
    patterns: `"/parts/**/.*.js"`,
    options: "exhaustive: true",
    means: ".h",
    added: "parts/deep/bare/.new.js",
    meansThen: ".h .new",
  },
  "beyond a link": {
    patterns: `"/linked/**/*.js"`,
    means: "s",
    added: "../shared/bare/new.js",
    meansThen: "new s",
  },
};

const files = {
  "package.json": `{ "type": "module", "imports": { "#parts/*": "./parts/*" } }`,
  "parts/a.js": "",
  "parts/.h.js": "",
  "parts/deep/b.js": "",
  "parts/deep/bare/note.md": "",
  "parts/deep/er/c.js": "",
  "pages/api/[id]/own/o.js": "",
  "pages/api/[id]/own/bare/note.md": "",
  "../shared/s.js": "",
  "../shared/bare/note.md": "",
};

/** The ways to write a call: the same files are meant. */
const spellings: Readonly<Record<string, (request: Request) => string>> = {
  plain: (request) => call(request),
  "with options": (request) =>
    call(request, { options: ["eager: true", `import: "default"`, `query: "?raw"`] }),
  "over lines": (request) => call(request, { before: "\n  ", after: "\n", comma: ",\n" }),
  "with comments that hold brackets": (request) =>
    call(request, { before: "/* all (of them) */ ", after: " // and ) no more\n" }),
  "after another call": (request) => `(import.meta.glob("/others/*.js", { eager: true }), ${call(request)})`,
  "in a comment's neighbourhood": (request) =>
    `/* import.meta.glob("/others/*.js") */ ${call(request)} // import.meta.glob("/others/*.js")\n`,
  "in a function": (request) => `(() => ${call(request)})()`,
};

interface Spelling {
  readonly before?: string;
  readonly after?: string;
  readonly comma?: string;
  readonly options?: readonly string[];
}

function call(
  { patterns, base, options }: Request,
  { before = "", after = "", comma = ", ", options: more = [] }: Spelling = {},
): string {
  const all = [...(base === undefined ? [] : [`base: "${base}"`]), ...(options ? [options] : []), ...more];
  const last = all.length > 0 ? `${comma}{ ${all.join(", ")} }` : "";
  return `import.meta.glob(${before}${patterns}${after}${last})`;
}

/** A project with one route for each spelling of a request. */
function projectOf(request: Request): { readonly project: Project; readonly names: readonly string[] } {
  const project = createProject(
    Object.fromEntries(Object.entries(files).map(([file, text]) => [path.posix.join("app", file), text])),
  );
  const names = Object.keys(spellings).map((name) => name.replaceAll(/\W/g, "-"));
  for (const [index, spell] of Object.values(spellings).entries()) {
    const head = `const all = ${spell(request)};\nconst nameOf = (file) => /([^/]*)\\.js$/.exec(file)[1];`;
    project.write(
      `app/pages/api/[id]/${names[index]}.js`,
      route(`Object.keys(all).map(nameOf).toSorted().join(" ")`, head),
    );
  }
  project.link("shared", "app/linked");
  return { project: { ...project, root: project.path("app") }, names };
}

const configOf = (project: Project) => ({
  server: { fs: { strict: false } },
  resolve: { alias: { "@parts": project.path("app/parts"), "@shared": project.path("shared") } },
});

test.each(Object.entries(requests))(
  "the graph knows the files that are meant %s, also one that comes later",
  async (_, request) => {
    const { project, names } = projectOf(request);
    const graph = await openGraph(project.root, { vite: configOf(project) });
    const edges = (): readonly string[] =>
      names.map((name) => {
        const targets = graph.dependenciesOf(`pages/api/[id]/${name}.js`);
        const meant = targets
          .filter(({ kind }) => kind === "glob")
          .map(({ file }) => path.basename(file, ".js"));
        return `${name}: ${meant.toSorted().join(" ")}`;
      });
    expect(edges()).toEqual(everywhere(names, request.means));
    project.write(path.posix.join("app", request.added), "");
    graph.update([path.join(project.root, request.added)]);
    expect(edges()).toEqual(everywhere(names, request.meansThen));
  },
);

test.each(Object.entries({ ...requests, ...requestsOfServers }))(
  "the next answer knows the files that are meant %s, though nobody told of one that came",
  async (_, request) => {
    const { project, names } = projectOf(request);
    const { get } = await serve(project, { watch: false, config: configOf(project) });
    const answers = async (): Promise<readonly string[]> => {
      const found: string[] = [];
      for (const name of names) found.push(`${name}: ${await get(`/api/1/${name}`)}`);
      return found;
    };
    expect(await answers()).toEqual(everywhere(names, request.means));
    project.write(path.posix.join("app", request.added), "");
    expect(await answers()).toEqual(everywhere(names, request.meansThen));
  },
);

test("folders are looked at for calls only, and as deep as they are meant", () => {
  const { root, path: at } = createProject({
    "lib/deep/er/a.js": "",
    "lib/.hidden/a.js": "",
    "lib/node_modules/a.js": "",
  });
  const settings = {
    conditions: [],
    mainFields: [],
    extensions: [],
    preserveSymlinks: false,
    aliases: [],
    tsconfig: undefined,
    external: [],
  };
  const folders = new GlobFolders(root, settings);
  const lookedAt = (text: string): readonly string[] =>
    folders.of(at("a.ts"), text).map((folder) => path.relative(root, folder));
  expect(lookedAt(`// import.meta.glob("./lib/*.js")\nconst a = 'import.meta.glob("./lib/*.js")';`)).toEqual(
    [],
  );
  expect(lookedAt(`import("./lib/a.js"); import(name);`)).toEqual([]);
  expect(lookedAt(`import.meta.glob("./lib/*.js")`)).toEqual(["lib"]);
  expect(lookedAt(`import.meta.glob<Module>("./lib/*/*.js") as Modules`)).toEqual(["lib", "lib/deep"]);
  expect(lookedAt(`import.meta.glob("./lib/**")`)).toEqual(["lib", "lib/deep", "lib/deep/er"]);
  expect(lookedAt(`import.meta.glob("./lib/.*/*.js")`)).toEqual(["lib", "lib/.hidden", "lib/deep"]);
  expect(lookedAt(`import.meta.glob("./none/*/*.js")`)).toEqual(["none"]);
  expect(lookedAt("import(`./lib/deep/${name}.js`)")).toEqual(["lib/deep"]);
});

function everywhere(names: readonly string[], what: string): readonly string[] {
  return names.map((name) => `${name}: ${what}`);
}
