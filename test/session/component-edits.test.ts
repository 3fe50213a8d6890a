import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { contentDigest } from "../../src/disk/content-digest.ts";
import type { ChangedTemplate, ComponentPatch, TemplateElement } from "../../src/protocol/component.ts";
import type { ModuleUpdate } from "../../src/protocol/module-updates.ts";
import { ComponentEdits } from "../../src/session/component-edits.ts";
import type { ComponentReader } from "../../src/session/component-edits.ts";

const folder = mkdtempSync(path.join(tmpdir(), "component-edits-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Components of three words: `code template style`. */
const READER: ComponentReader = {
  compareComponents(built, now, id) {
    const [code, template, style] = wordsOf(built);
    const [newCode, newTemplate, newStyle] = wordsOf(now);
    if (newCode === "!")
      return { kind: "broken", problem: { kind: "problem", message: "Expected code.", line: 1, column: 1 } };
    if (newCode !== code) return { kind: "build", reason: "the code has changed" };
    const patch: ComponentPatch = {
      id,
      styles: newStyle === style ? undefined : [newStyle],
      template: newTemplate === template ? undefined : changeOf(template, newTemplate),
    };
    return patch.styles === undefined && patch.template === undefined
      ? { kind: "same" }
      : { kind: "patch", patch };
  },
  wholePatch(text, id) {
    const [, template, style] = wordsOf(text);
    return { id, styles: [style], template: changeOf(template, template) };
  },
};

function wordsOf(text: string): readonly [string, string, string] {
  const [code = "", template = "", style = ""] = text.split(" ");
  return [code, template, style];
}

function changeOf(before: string, after: string): ChangedTemplate {
  return { before: elementOf(before), after: elementOf(after), text: after };
}

function elementOf(tag: string): TemplateElement {
  return { kind: "element", tag, times: "one", attributes: {}, bound: [], children: [] };
}

/** A project of components, and what its pages were told. */
class Project {
  readonly edits: ComponentEdits;
  readonly told: string[] = [];
  readonly #root = mkdtempSync(path.join(folder, "project-"));
  readonly #files = new Map<string, string>();

  constructor(built?: Readonly<Record<string, string>>) {
    this.edits = new ComponentEdits({
      idOf: (file) => path.basename(file).replace(/\.\w+$/, ""),
      built: built && new Map(Object.entries(built).map(([name, text]) => [this.fileOf(name), text])),
      load: async () => READER,
    });
    this.edits.onAhead((_changed, updates) => this.told.push(...updates.map(wordsFor)));
  }

  fileOf(name: string): string {
    return path.join(this.#root, name);
  }

  /** Put a text where it is, and say nothing. */
  write(name: string, text: string): string {
    const file = this.fileOf(name);
    writeFileSync(file, text);
    this.#files.set(file, text);
    return file;
  }

  save(name: string, text: string): void {
    this.edits.note(this.write(name, text));
  }

  begin(...names: string[]): readonly string[] {
    const inputs = new Map([...this.#files].map(([file, text]) => [file, contentDigest(text)]));
    const broken = this.edits.begin(
      names.map((name) => this.fileOf(name)),
      inputs,
    );
    return broken.map(({ file, message }) => `${path.basename(file)}: ${message}`);
  }

  /** What the end of a build says of what pages have. */
  succeed(): string | undefined {
    const told = this.edits.succeed();
    return told && `${told.changed.join()}: ${told.updates.map(wordsFor).join()}`;
  }

  /** What pages need that come now. */
  get ahead(): string {
    return this.edits.updates.map(wordsFor).join();
  }
}

function wordsFor({ id, kind, css, template }: ModuleUpdate): string {
  const what = kind === "style" ? css : `${template?.before.tag}>${template?.after.tag}`;
  return `${id} ${what}`;
}

/** A project whose first build has ended. */
async function builtProject(
  texts: Readonly<Record<string, string>> = { "a.orbit": "code t0 s0" },
): Promise<Project> {
  const project = new Project();
  for (const [name, text] of Object.entries(texts)) project.write(name, text);
  project.begin();
  await Promise.resolve();
  project.succeed();
  return project;
}

test("a style is told at once, and pages have what is built of it then", async () => {
  const project = await builtProject();
  project.save("a.orbit", "code t0 s1");
  expect(project.told).toEqual(["a s1"]);
  expect(project.ahead).toBe("a s1");
  project.begin("a.orbit");
  expect(project.edits.isAhead).toBe(true);
  expect(project.succeed()).toBe("a: a s1");
  expect(project.ahead).toBe("");
  expect(project.told).toHaveLength(1);
});

test("a save that the watcher has not told is told when its build begins", async () => {
  const project = await builtProject();
  project.write("a.orbit", "code t1 s0");
  project.begin("a.orbit");
  expect(project.told).toEqual(["a t0>t1"]);
  expect(project.succeed()).toBe("a: a t0>t1");
});

test("a patch says the whole way from what is built, and takes back what was told before", async () => {
  const project = await builtProject();
  project.save("a.orbit", "code t1 s0");
  project.save("a.orbit", "code t0 s1");
  expect(project.told).toEqual(["a t0>t1", "a s1", "a t0>t0"]);
  project.save("a.orbit", "code t0 s0");
  expect(project.told.slice(3)).toEqual(["a s0", "a t0>t0"]);
  expect(project.ahead).toBe("");
});

test("what is undone while it is built is told, and is ahead of what has been built", async () => {
  const project = await builtProject();
  project.save("a.orbit", "code t1 s0");
  project.begin("a.orbit");
  project.save("a.orbit", "code t0 s0");
  expect(project.told).toEqual(["a t0>t1", "a t0>t0"]);
  expect(project.succeed()).toBe("a: a t0>t0");
  expect(project.ahead).toBe("a t1>t0");
  project.begin("a.orbit");
  expect(project.succeed()).toBe("a: a t1>t0");
  expect(project.ahead).toBe("");
  expect(project.told).toHaveLength(2);
});

test("what is saved while it is built is told, and its build is no news", async () => {
  const project = await builtProject();
  project.save("a.orbit", "code t1 s0");
  project.begin("a.orbit");
  project.save("a.orbit", "code t2 s0");
  expect(project.succeed()).toBe("a: a t0>t2");
  expect(project.ahead).toBe("a t1>t2");
  project.begin("a.orbit");
  expect(project.succeed()).toBe("a: a t1>t2");
  expect(project.told).toEqual(["a t0>t1", "a t0>t2"]);
});

test("code is for the build; so is all that is saved with it", async () => {
  const project = await builtProject({ "a.orbit": "code t0 s0", "b.orbit": "code t0 s0", "main.rs": "1" });
  project.save("a.orbit", "other t1 s1");
  expect(project.told).toEqual([]);
  project.save("b.orbit", "code t0 s1");
  project.begin("a.orbit", "b.orbit");
  expect(project.edits.isAhead).toBe(false);
  expect(project.succeed()).toBeUndefined();
  project.write("main.rs", "2");
  project.save("b.orbit", "code t0 s2");
  project.begin("b.orbit", "main.rs");
  expect(project.succeed()).toBeUndefined();
});

test("a patch stays with pages while code is built, and after a build that failed", async () => {
  const project = await builtProject();
  project.save("a.orbit", "code t1 s0");
  project.begin("a.orbit");
  project.save("a.orbit", "other t1 s0");
  project.begin("a.orbit");
  expect(project.ahead).toBe("a t0>t1");
  project.save("a.orbit", "code t1 s0");
  project.begin("a.orbit");
  expect(project.succeed()).toBe("a: a t0>t1");
});

test("what failed to build before is not told ahead with what is saved now", async () => {
  const project = await builtProject({ "a.orbit": "code t0 s0", "main.rs": "1" });
  project.write("main.rs", "2");
  project.begin("main.rs");
  project.save("a.orbit", "code t1 s0");
  project.begin("a.orbit");
  expect(project.edits.isAhead).toBe(false);
  expect(project.succeed()).toBeUndefined();
});

test("a component that is deleted is for the build, and nothing of it is told any more", async () => {
  const project = await builtProject({ "a.orbit": "code t0 s0", "b.orbit": "code t0 s0" });
  project.save("a.orbit", "code t1 s0");
  const gone = project.fileOf("a.orbit");
  rmSync(gone);
  project.edits.note(gone);
  project.edits.begin([gone], new Map([[project.fileOf("b.orbit"), contentDigest("code t0 s0")]]));
  expect(project.edits.isAhead).toBe(false);
  expect(project.succeed()).toBeUndefined();
  expect(project.ahead).toBe("");
});

test("a new component is for the build", async () => {
  const project = await builtProject();
  project.save("b.orbit", "code t0 s0");
  project.begin("b.orbit");
  expect(project.told).toEqual([]);
  expect(project.succeed()).toBeUndefined();
});

test("what cannot be read is told when its build begins, and pages keep what they have", async () => {
  const project = await builtProject();
  project.save("a.orbit", "code t1 s0");
  project.save("a.orbit", "! t2 s0");
  expect(project.begin("a.orbit")).toEqual(["a.orbit: Expected code."]);
  expect(project.told).toEqual(["a t0>t1"]);
  expect(project.ahead).toBe("a t0>t1");
});

test("a text that was saved while it was read is not what was built", async () => {
  const project = await builtProject();
  const file = project.write("a.orbit", "code t1 s0");
  project.edits.begin([file], new Map([[file, contentDigest("code t9 s0")]]));
  expect(project.edits.isAhead).toBe(false);
  expect(project.succeed()).toBeUndefined();
});

test("what was saved while no process was there is ahead of what was built before", async () => {
  const project = new Project({ "a.orbit": "code t0 s0" });
  project.write("a.orbit", "code t1 s0");
  await Promise.resolve();
  await Promise.resolve();
  expect(project.ahead).toBe("a t0>t1");
  project.begin();
  expect(project.edits.isAhead).toBe(false);
});

test("each thing that pages are told has a name of its own, which it keeps", async () => {
  const project = await builtProject();
  const revs: (number | undefined)[] = [];
  project.edits.onAhead((_changed, updates) => revs.push(...updates.map(({ rev }) => rev)));
  project.save("a.orbit", "code t1 s0");
  project.begin("a.orbit");
  project.save("a.orbit", "code t2 s0");
  project.succeed();
  expect(new Set(revs).size).toBe(2);
  expect(project.edits.updates.map(({ rev }) => rev)).toEqual([revs[1]]);
});
