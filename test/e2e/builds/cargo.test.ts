import { describe, expect, test } from "vitest";
import { DevProgram, orbiton, soon } from "../../cli/orbiton.ts";
import { createProject } from "../../cli/project.ts";
import { CRATE, hasCargo, hasRustup } from "../../support/cargo.ts";
import { openPage } from "../browser.ts";
import { OverlayPage } from "../overlay/overlay-page.ts";
import { says } from "./built-site.ts";

const statuses = (server: DevProgram): readonly unknown[] =>
  server.events.flatMap(({ event, status }) => (event === "build" && status !== "starting" ? [status] : []));

describe.skipIf(!hasCargo)("a cargo project", () => {
  test("is built and run, and the page shows what is saved, with what was typed in it", async () => {
    const project = createProject(CRATE);
    const server = await DevProgram.start(project.root);
    const tab = new OverlayPage(await openPage(server.url));
    await says(tab.page, "one");
    await tab.page.fill("#name", "typed");
    project.edit("src/title.rs", "one", "two");
    await says(tab.page, "two");
    expect(await tab.page.inputValue("#name")).toBe("typed");
    const last = server.events.findLast(({ event }) => event === "build");
    expect(last).toMatchObject({ status: "completed", files: ["src/title.rs"] });
  });

  test("an error of rustc stands over the page with its place, and goes when it is mended", async () => {
    const project = createProject(CRATE);
    const server = await DevProgram.start(project.root);
    const tab = new OverlayPage(await openPage(server.url));
    await says(tab.page, "one");
    await tab.mark();
    project.edit("src/title.rs", '"one"', "1");
    const text = await tab.text("mismatched types");
    expect(text).toContain("src/title.rs:1:34");
    expect(text).toContain("expected `&str`, found integer");
    expect(await tab.isStillMarked()).toBe(true);
    expect(await tab.page.innerText("h1")).toBe("one");
    const status = (await server.fetchJson("__hmr_status")) as { readonly build: unknown };
    const error = { level: "error", file: "src/title.rs", line: 1, column: 34, message: "mismatched types" };
    expect(status.build).toMatchObject({ status: "failed", diagnostics: [error] });
    project.edit("src/title.rs", "1 }", '"mended" }');
    await says(tab.page, "mended");
    await tab.isGone();
  });

  test("a warning is counted, and covers nothing", async () => {
    const project = createProject(CRATE);
    const server = await DevProgram.start(project.root);
    const tab = new OverlayPage(await openPage(server.url));
    await says(tab.page, "one");
    project.write("src/title.rs", `pub fn title() -> &'static str { let unused = 1; "two" }\n`);
    await says(tab.page, "two");
    const last = server.events.findLast(({ event }) => event === "build");
    expect(last).toMatchObject({ status: "completed", diagnostics: [{ level: "warning" }] });
    expect(String(last?.["summary"])).toContain("(1 warning)");
    expect(await tab.card.count()).toBe(0);
  });

  test("a program that fails, and a manifest that is broken, are failed builds that say why", async () => {
    const project = createProject(CRATE);
    const server = await DevProgram.start(project.root);
    const tab = new OverlayPage(await openPage(server.url));
    await says(tab.page, "one");
    project.write("src/title.rs", `pub fn title() -> &'static str { panic!("no title today") }\n`);
    expect(await tab.text("the program failed with exit code 101")).toContain("no title today");
    project.write("src/title.rs", `pub fn title() -> &'static str { "two" }\n`);
    await says(tab.page, "two");
    project.edit("Cargo.toml", "[package]", "[package");
    await tab.text(/cargo run failed/);
    project.edit("Cargo.toml", "[package", "[package]");
    await tab.isGone();
    await says(tab.page, "two");
  });

  test("what a crate depends on by path is watched, wherever it is, and its target folder is not", async () => {
    const library = createProject({
      "Cargo.toml": `[package]\nname = "words"\nversion = "0.1.0"\nedition = "2021"\n`,
      "src/lib.rs": `pub fn word() -> &'static str { "first" }\n`,
    });
    const project = createProject({
      ...CRATE,
      "Cargo.toml": `${CRATE["Cargo.toml"]}[dependencies]\nwords = { path = ${JSON.stringify(library.root)} }\n`,
      "src/title.rs": `pub fn title() -> &'static str { words::word() }\n`,
    });
    const server = await DevProgram.start(project.root);
    const tab = await openPage(server.url);
    await says(tab, "first");
    library.edit("src/lib.rs", "first", "second");
    await says(tab, "second");
    expect(statuses(server)).toEqual(["completed", "completed"]);
  });

  test("what a manifest names later is watched from then on", async () => {
    const library = createProject({
      "Cargo.toml": `[package]\nname = "words"\nversion = "0.1.0"\nedition = "2021"\n`,
      "src/lib.rs": `pub fn word() -> &'static str { "first" }\n`,
    });
    const project = createProject(CRATE);
    const server = await DevProgram.start(project.root);
    const tab = await openPage(server.url);
    await says(tab, "one");
    const named = `${CRATE["Cargo.toml"]}[dependencies]\nwords = { path = ${JSON.stringify(library.root)} }\n`;
    project.write("Cargo.toml", named);
    project.write("src/title.rs", `pub fn title() -> &'static str { words::word() }\n`);
    await says(tab, "first");
    // Until nothing is left that would be built anyway.
    const asked = { method: "POST", headers: { "content-type": "application/json" }, body: "{}" };
    expect(await server.fetchJson("__hmr_settle", asked)).toMatchObject({ ok: true });
    library.edit("src/lib.rs", "first", "second");
    await says(tab, "second");
    // A look at everything, some seconds after the start, would find the first of them only.
    library.edit("src/lib.rs", "second", "third");
    await says(tab, "third");
  });

  test("what cargo makes where the build's environment says is not what it is built from", async () => {
    const config = { build: { run: true, env: { CARGO_TARGET_DIR: "made" } } };
    const project = createProject({ ...CRATE, "orbiton.config.json": JSON.stringify(config) });
    const server = await DevProgram.start(project.root);
    const tab = await openPage(server.url);
    await says(tab, "one");
    project.edit("src/title.rs", "one", "two");
    await says(tab, "two");
    const asked = { method: "POST", headers: { "content-type": "application/json" }, body: "{}" };
    expect(await server.fetchJson("__hmr_settle", asked)).toMatchObject({ ok: true });
    expect(statuses(server)).toEqual(["completed", "completed"]);
  });

  test("sources and the manifest are not served", async () => {
    const project = createProject(CRATE);
    const server = await DevProgram.start(project.root);
    await says(await openPage(server.url), "one");
    for (const path of [
      "src/main.rs",
      "Cargo.toml",
      "Cargo.lock",
      "target/debug/site",
      "orbiton.config.json",
    ])
      expect([path, (await server.fetch(path)).status]).toEqual([path, 404]);
  });

  test("a command that is cargo is cargo, with its arguments", async () => {
    const config = { build: { command: "cargo", args: ["--release"], run: ["an argument"] } };
    const main = CRATE["src/main.rs"]?.replace("title::title()", "std::env::args().nth(1).unwrap()");
    const project = createProject({
      ...CRATE,
      "src/main.rs": main ?? "",
      "orbiton.config.json": JSON.stringify(config),
    });
    const server = await DevProgram.start(project.root);
    const tab = new OverlayPage(await openPage(server.url));
    await says(tab.page, "an argument");
    await expect.poll(() => statuses(server), soon).toEqual(["completed"]);
  });
});

describe.skipIf(!hasRustup)("a toolchain", () => {
  test("that is missing is said, with what is there and what to do", async () => {
    const project = createProject(CRATE);
    for (const [options, said] of [
      [
        ["--toolchain", "1.2.3"],
        /toolchain 1\.2\.3 is not installed: there is .*rustup toolchain install 1\.2\.3/,
      ],
      [["--toolchain", "stabel"], /Did you mean stable\?/],
    ] as const) {
      const { code, stderr } = await orbiton(["dev", project.root, "--port", "0", ...options]);
      expect(code).toBe(2);
      expect(stderr).toMatch(said);
    }
  });

  test("that is missing leaves what is there served, where that is wished", async () => {
    const project = createProject({ ...CRATE, "site/index.html": "<h1>from before</h1>" });
    const server = await DevProgram.start(project.root, ["--json", "--toolchain", "1.2.3", "--keep-serving"]);
    const tab = new OverlayPage(await openPage(server.url));
    await tab.text(/1\.2\.3.* is not installed/);
    expect(await tab.page.innerText("h1")).toBe("from before");
  });

  test("whose name is none never reaches a program", async () => {
    for (const name of ["--help", "", "a b", "+nightly", "$(touch x)"]) {
      const { code, stderr } = await orbiton(["dev", `--toolchain=${name}`]);
      expect(code).toBe(2);
      expect(stderr).toContain("Expected --toolchain to be the name of a toolchain");
    }
  });
});
