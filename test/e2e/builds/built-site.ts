import { existsSync, readdirSync } from "node:fs";
import type { Page } from "playwright-core";
import { DevProgram } from "../../cli/orbiton.ts";
import { createProject } from "../../cli/project.ts";
import type { Project } from "../../cli/project.ts";
import { openPage } from "../browser.ts";
import { OverlayPage } from "../overlay/overlay-page.ts";

/**
 * A program that builds a page of two texts. It takes as long as `src/slow.txt` says, and fails where a text says `broken`, with
 * the output half written.
 */
export const BUILD_SCRIPT = `
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
const read = (name) => (existsSync("src/" + name) ? readFileSync("src/" + name, "utf8").trim() : "");
await new Promise((resolve) => setTimeout(resolve, Number(read("slow.txt"))));
const title = read("title.txt");
mkdirSync("dist", { recursive: true });
writeFileSync("dist/style.css", read("style.css"));
if (title.includes("broken")) {
  writeFileSync("dist/index.html", "half of");
  console.error("src/title.txt:1:3: error: there is no such word as " + title);
  process.exit(1);
}
writeFileSync("dist/data.json", JSON.stringify({ data: read("data.txt") }));
writeFileSync("dist/index.html", '<!doctype html><html><head><title>Site</title><link rel="stylesheet" href="/style.css"></head>' +
  "<body><h1>" + title + "</h1><label>Name <input id=name></label>" +
  (read("data.txt") === "" ? "" : '<output></output><script>fetch("/data.json").then((r) => r.json()).then(({ data }) => { document.querySelector("output").textContent = data; })</script>') +
  "</body></html>");
`;

export const FILES: Readonly<Record<string, string>> = {
  "build.js": BUILD_SCRIPT,
  "src/title.txt": "one",
  "src/style.css": "h1 { color: rgb(1, 1, 1) }",
};

/** A project that a command builds, served by `orbiton dev`. */
export class BuiltSite {
  readonly project: Project;
  readonly server: DevProgram;

  private constructor(project: Project, server: DevProgram) {
    this.project = project;
    this.server = server;
  }

  static async start(
    files: Readonly<Record<string, string>> = {},
    args: readonly string[] = ["--command", "node build.js"],
  ): Promise<BuiltSite> {
    return BuiltSite.serve(createProject({ ...FILES, ...files }), args);
  }

  static async serve(project: Project, args: readonly string[] = []): Promise<BuiltSite> {
    return new BuiltSite(project, await DevProgram.start(project.root, ["--json", ...args]));
  }

  async open(path = ""): Promise<OverlayPage> {
    return new OverlayPage(await openPage(this.server.url + path));
  }

  /** The builds that have ended, as `--json` tells them. */
  get builds(): readonly string[] {
    return this.server.events
      .filter(({ event, status }) => event === "build" && status !== "starting")
      .map(({ status }) => String(status));
  }

  /** What is there of the folder that is served. */
  get output(): readonly string[] {
    const folder = this.project.path("dist");
    return existsSync(folder) ? readdirSync(folder) : [];
  }
}

/** Resolves when the page says this in its heading. */
export async function says(page: Page, text: string): Promise<void> {
  await page.locator("h1", { hasText: new RegExp(`^${text}$`) }).waitFor();
}
