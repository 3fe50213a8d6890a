import { join } from "node:path";
import { createLogger } from "vite";
import type { InlineConfig } from "vite";
import { describe, expect, test } from "vitest";
import { guardFiles } from "../../src/vite/file-access.ts";
import { askRaw, serveBare } from "./support/bare-server.ts";
import type { BareProject, BareServer } from "./support/bare-server.ts";

const secret = "the password of the database";
const files = {
  "pages/api/users.ts": `export const secret: string = "${secret}";`,
  "pages/api/[id].ts": `export const secret: string = "${secret}";`,
  "pages/api/notes.txt": secret,
  "pages/api/help.html": `<p>${secret}</p>`,
  "pages/api/index": secret,
  "pages/api/nested/index.html": `<p>${secret}</p>`,
  "pages/index.ts": `export const page = "public";`,
  "public/readme.txt": "public",
  "lib/db.ts": `export const db = "shared";`,
  "main.ts": `import { secret } from "./pages/api/users.ts"; console.log(secret);`,
  "index.html": "<p>home</p>",
};

function start(config: InlineConfig = {}, project: Partial<BareProject> = {}): Promise<BareServer> {
  return serveBare({ files, ...project }, (root) => ({
    ...config,
    plugins: [guardFiles(() => join(config.root ?? root, "pages/api"))],
  }));
}

const asDocument = ["Sec-Fetch-Dest: document", "Accept: text/html"];

/** The targets that are answered with the secret, or with anything but a refusal or the page of the app. */
async function leaks({ root, port }: BareServer, targets: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const target of targets) {
    for (const lines of [[], asDocument]) {
      const { status, body } = await askRaw(port, target.replace("/ROOT", root), lines);
      const isHome = body.includes("<p>home</p>");
      if (body.includes(secret) || (status === 200) !== isHome) found.push(`${target} ${status}`);
    }
  }
  return found;
}

const sourceTargets = [
  "/pages/api/users.ts",
  "/pages/api/users.ts?raw",
  "/pages/api/users.ts?import&raw",
  "/pages/api/users.ts?raw??",
  "/pages/api/users.ts?url&inline",
  "/pages/api/users.ts?t=1#x",
  "/pages/api/users.ts?worker_file&type=module",
  "/pages/api/[id].ts",
  "/pages/api/%5Bid%5D.ts",
  "/pages/%61pi/users%2Ets",
  "/pages//api/users.ts",
  "/pages/./api/users.ts",
  "/lib/../pages/api/users.ts",
  "/pages/api/notes.txt",
  "/pages/api/notes.txt?raw",
  "/pages/api/help.html",
  "/pages/api/help",
  "/@fs/ROOT/pages/api/users.ts",
  "/@fs/ROOT/lib/%2e%2e/pages/api/users.ts",
  "/@fs//ROOT/pages/api/users.ts?raw",
  "/@id/ROOT/pages/api/users.ts",
  "/@id/__x00__/ROOT/pages/api/users.ts",
  "/ROOT/pages/api/users.ts",
  "/linked/users.ts",
  "/linked/notes.txt",
  "/linked-file.ts?raw",
  "/server/users.ts",
  "/server/notes.txt",
  "/@id/@server/users.ts",
  // Vite's static server leaves a slash at the end out, and looks for `index` in a folder.
  "/@fs/ROOT/pages/api/users.ts/",
  "/@fs/ROOT/pages/api/users.ts//",
  "/@fs/ROOT/pages/api/users.ts/%2e",
  "/@fs/ROOT/pages/api/users.ts/?raw",
  "/@fs/ROOT/pages/api/users.ts/?import",
  "/@fs/ROOT/pages/api/notes.txt/",
  "/@fs/ROOT/pages/api",
  "/@fs/ROOT/pages/api/",
  "/@fs/ROOT/pages/api/.",
  "/@fs/ROOT/lib/..%2fpages/api/notes.txt",
  "/@fs/ROOT/lib%2f..%2fpages%2fapi%2fnotes.txt",
  "/@fs/ROOT/lib/..%5cpages/api/notes.txt",
  "/@fs/ROOT\\pages\\api\\notes.txt",
  "/@fs/ROOT/pages/api/notes.txt?import",
  "/@fs/ROOT/pages/api/notes.txt/..",
  "/@fs/ROOT/pages/api/%2e%2e/api/notes.txt",
  "/@fs/ROOT/pages/api/%252e%252e/api/notes.txt",
  "/@fs/ROOT/linked/notes.txt/",
  "/%40fs/ROOT/pages/api/notes.txt",
  "/pages/api",
  "/pages/api/.",
  "/pages/api/%2e",
  "/pages/api/index",
  "/pages/api/index/",
  "/pages/api/users.ts/",
  "/pages/api/users.ts/.",
  "/pages/api/users.ts/%2e",
  "/pages/api/users.ts/x/%2e%2e",
  "/pages/api/users.ts%2f",
  "/pages/api/users.ts%20",
  "/pages/api/users.ts.",
  "/pages/api/USERS.TS",
  "/pages/api/users.ts::$DATA",
  "/pages/api/notes.txt/",
  "/pages/api/notes.txt/%2e",
  "/pages%2fapi%2fnotes.txt",
  "/pages\\api\\notes.txt",
  "/pages%5capi%5cnotes.txt",
  "/lib/..%2fpages/api/notes.txt",
  "/lib/%2e%2e/pages/api/notes.txt",
  "/x/..%5cpages/api/notes.txt",
  "/pages%2fapi%2fhelp.html",
  "/pages%2fapi%2fhelp",
  "/lib%2f..%2fpages%2fapi%2fhelp.html",
  "/pages%5capi%5chelp.html",
  "/%2e%2fpages/api/help.html",
  "/%70ages/api/help.html",
  "/%40fs%2fROOT/pages/api/help.html",
  "/@fs%2fROOT/pages/api/help.html",
  "/@fs/ROOT/pages/api/help.html",
  "/@fs/ROOT/pages%2fapi%2fhelp.html",
  "/pages/api/nested",
  "/pages/api/nested/",
  "/pages%2fapi%2fnested/",
  "/pages%2fapi%2fnested%2f",
  "/pages/api%2fnested/index.html",
  "/linked/",
  "/linked",
  "/linked/nested/",
  "/in-public",
  "/in-public/",
  "/in-public/notes.txt",
  "/in-public/notes.txt/",
  "/in-public/notes.txt?raw",
  "/in-public/notes.txt/%2e",
  "/in-public%2fnotes.txt",
  "/in-public/nested/index.html",
  "/in-public%2fnested%2findex.html",
  "/public/in-public/notes.txt",
  "/file-in-public.txt",
  "/file-in-public.txt/",
  "/file-in-public.txt?url",
  "/@id/ROOT/pages/api/users.ts/",
  "/server/notes.txt/",
  "/server/notes.txt/%2e",
  "/server",
  "/server%2fnotes.txt",
  "/server%2fhelp.html",
  "/x/../server/notes.txt",
];

test("the source of a route is not served, however it is asked for", async () => {
  const links = {
    linked: "pages/api",
    "linked-file.ts": "pages/api/users.ts",
    "public/in-public": "../pages/api",
    "public/file-in-public.txt": "../pages/api/notes.txt",
  };
  const alias = { "/server": "/pages/api", "@server": "/pages/api" };
  const server = await start({ resolve: { alias } }, { links });
  expect(await leaks(server, sourceTargets)).toEqual([]);
});

test.for([
  ["the usual rules", {}],
  ["another base", { base: "/site/" }],
  ["file rules switched off", { server: { fs: { strict: false } } }],
] as const)("a refusal says which file and why: %s", async ([, config]) => {
  const { port } = await start(config);
  const prefix = "base" in config ? "/site" : "";
  for (const [name, lines] of [
    ["pages/api/users.ts", []],
    ["pages/api/users.ts", asDocument],
    ["pages/api/notes.txt", []],
  ] as const) {
    const answer = await askRaw(port, `${prefix}/${name}`, lines);
    expect(answer).toMatchObject({ status: 403 });
    expect(answer.head).toContain("cache-control: no-store");
    expect(answer.body).toContain(`${name} is code of the server`);
  }
});

test("a browser module that imports a route does not make it readable", async () => {
  const { port } = await start();
  expect((await askRaw(port, "/main.ts")).status).toBe(200);
  expect((await askRaw(port, "/pages/api/users.ts")).status).toBe(403);
  expect((await askRaw(port, "/pages/api/users.ts.map")).body).not.toContain(secret);
});

test("everything else is served as before", async () => {
  const { port } = await start();
  for (const target of [
    "/",
    "/pages/index.ts",
    "/lib/db.ts",
    "/lib/db.ts?raw",
    "/main.ts",
    "/pages/",
    "/pages/x/",
  ]) {
    expect(await askRaw(port, target)).toMatchObject({ status: 200 });
  }
});

test("modules on the server may import what is in the folder", async () => {
  const { server } = await start();
  expect(await server.ssrLoadModule("/pages/api/users.ts")).toMatchObject({ secret });
});

describe("what a file really is decides whether it is served", () => {
  const outside = {
    ...files,
    "../outside/secret.txt": secret,
    "../outside/secret.ts": `export const secret = "${secret}";`,
    "../outside/page.html": `<p>${secret}</p>`,
    "../outside/style.css": `/* ${secret} */`,
    "../outside/secret.svg": `<svg><!-- ${secret} --></svg>`,
    ".env": `SECRET="${secret}"`,
  };
  const names = ["secret.txt", "secret.ts", "page.html", "style.css", "secret.svg"];
  const linked = {
    ...Object.fromEntries(names.map((name) => [`lib/${name}`, `../../outside/${name}`])),
    ...Object.fromEntries(names.map((name) => [`public/${name}`, `../../outside/${name}`])),
    "lib/folder": "../../outside",
    "public/folder": "../../outside",
    "lib/twice": "folder",
    "lib/settings.txt": "../.env",
  };
  const targets = names
    .flatMap((name) => [
      `/lib/${name}`,
      `/${name}`,
      `/lib/folder/${name}`,
      `/folder/${name}`,
      `/lib/twice/${name}`,
      `/@fs/ROOT/lib/${name}`,
      `/@fs/ROOT/public/${name}`,
      `/@fs/ROOT/lib/folder/${name}`,
      `/public/${name}`,
      `/@id/ROOT/lib/${name}`,
    ])
    .concat("/lib/settings.txt", "/@fs/ROOT/lib/settings.txt")
    .flatMap((name) => [name, `${name}/`, `${name}/%2e`, `${name}?raw`, `${name}?url`, `${name}?import&raw`])
    .flatMap((name) => [name, `${name}${name.includes("?") ? "&" : "?"}inline`]);

  test.for([[false], [true]] as const)(
    "links out of the root, preserveSymlinks: %j",
    async ([preserveSymlinks]) => {
      const fs = { allow: ["."] };
      const server = await start(
        { resolve: { preserveSymlinks }, server: { fs } },
        { files: outside, links: linked },
      );
      expect(await leaks(server, targets)).toEqual([]);
    },
  );

  test("a refusal names the link, and not where it leads, to who asks and in the terminal", async () => {
    const warnings: string[] = [];
    const customLogger = { ...createLogger("silent"), warnOnce: (line: string) => void warnings.push(line) };
    const config = { customLogger, server: { fs: { allow: ["."] } } };
    const { port, root } = await start(config, { files: outside, links: linked });
    const { status, body } = await askRaw(port, "/lib/secret.txt");
    expect(status).toBe(403);
    expect(body).toContain("lib/secret.txt is a link");
    expect(body).toContain("server.fs.allow");
    expect(body).not.toContain(root);
    expect(body).not.toContain("outside");
    expect(warnings).toEqual([expect.stringMatching(/^\[orbit\] lib\/secret\.txt is a link/)]);
  });

  const shared = {
    ...files,
    "../workspace/package.json": "{}",
    "../workspace/ui/style.txt": "shared",
    "public/logo.txt": "shared",
    "lib/words.txt": "shared",
  };
  test.for<[string, InlineConfig, Record<string, string>, string]>([
    ["a link inside of the root", {}, { "lib/same.txt": "words.txt" }, "/lib/same.txt"],
    ["a link to the public folder", {}, { "lib/same.txt": "../public/logo.txt" }, "/lib/same.txt"],
    ["a link in the public folder", {}, { "public/same.txt": "logo.txt" }, "/same.txt"],
    ["a link from the public folder to the root", {}, { "public/same.txt": "../lib/words.txt" }, "/same.txt"],
    [
      "a package of the workspace",
      { server: { fs: { allow: [".."] } } },
      { "node_modules/@x/ui": "../../../workspace/ui" },
      "/node_modules/@x/ui/style.txt",
    ],
    [
      "a package that is linked from elsewhere",
      {},
      { "node_modules/ui": "../../workspace/ui" },
      "/node_modules/ui/style.txt",
    ],
    ["all of node_modules by a link", {}, { node_modules: "../workspace" }, "/node_modules/ui/style.txt"],
    [
      "a folder that is allowed",
      { server: { fs: { allow: [".", "../workspace"] } } },
      { "lib/ui": "../../workspace/ui" },
      "/lib/ui/style.txt",
    ],
    [
      "a folder that is allowed by another link",
      { server: { fs: { allow: [".", "../other-name"] } } },
      { "lib/ui": "../../workspace/ui", "../other-name": "workspace" },
      "/lib/ui/style.txt",
    ],
    ["a public folder elsewhere", { publicDir: "../workspace/ui" }, {}, "/style.txt"],
    ["a public folder by a link", { publicDir: "assets" }, { assets: "../workspace/ui" }, "/style.txt"],
    [
      "any file where the rules are switched off",
      { server: { fs: { strict: false } } },
      { "lib/ui": "../../workspace/ui" },
      "/lib/ui/style.txt",
    ],
  ])("%s stays served", async ([, config, links, target]) => {
    const server = { ...config.server, fs: { allow: ["."], ...config.server?.fs } };
    const { port } = await start({ ...config, server }, { files: shared, links });
    expect(await askRaw(port, target)).toMatchObject({ status: 200, body: "shared" });
  });

  test("a root that is itself behind a link is served as any other, and its links are judged alike", async () => {
    const { root } = await serveBare(
      { files: outside, links: { ...linked, "../by-link": "project" } },
      () => ({}),
    );
    const byLink = join(root, "../by-link");
    const { port } = await start({
      root: byLink,
      resolve: { preserveSymlinks: true }, // else Vite itself refuses modules of such a root
      server: { fs: { allow: [byLink] } },
    });
    expect(await askRaw(port, "/lib/db.ts")).toMatchObject({ status: 200 });
    expect(await askRaw(port, "/readme.txt")).toMatchObject({ status: 200, body: "public" });
    expect(await askRaw(port, "/lib/secret.txt")).toMatchObject({ status: 403 });
    expect(await askRaw(port, "/secret.txt")).toMatchObject({ status: 403 });
    expect((await askRaw(port, "/pages/api/notes.txt")).status).toBe(403);
  });

  test("a page of the app may have the name of a link elsewhere on the disk", async () => {
    const { port, root } = await start(
      {},
      { files: outside, links: { "../elsewhere": "outside/secret.txt" } },
    );
    const answer = await askRaw(port, join(root, "../elsewhere"), asDocument);
    expect(answer).toMatchObject({ status: 200, body: expect.stringContaining("<p>home</p>") as string });
  });
});
