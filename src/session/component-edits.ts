import { readFileSync } from "node:fs";
import type { compareComponents, ComponentChange } from "../components/compare-components.ts";
import { contentDigest } from "../disk/content-digest.ts";
import type { Contents } from "../disk/folder-contents.ts";
import type { ComponentPatch } from "../protocol/component.ts";
import type { ModuleUpdate } from "../protocol/module-updates.ts";

/** Reads and compares components: loaded where there are some. */
export interface ComponentReader {
  readonly compareComponents: typeof compareComponents;
  /** All of a component as a patch that changes nothing: pages that show another one go back to it. */
  readonly wholePatch: (text: string, id: string) => ComponentPatch | undefined;
}

/** What pages were told of a component before it is built. */
interface ToldEdit {
  readonly text: string;
  readonly updates: readonly ModuleUpdate[];
  /** Whether what is built is another one. */
  readonly isAhead: boolean;
}

/** What pages are to be told. */
interface NewEdit extends Pick<ToldEdit, "text" | "isAhead"> {
  readonly patch: ComponentPatch;
}

/** A component that cannot be read as it is saved. */
export interface BrokenComponent {
  /** An absolute path. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** What a build has made that pages were told ahead. */
export interface ToldAhead {
  /** The names of the components that have changed. */
  readonly changed: readonly string[];
  /** The last that pages were told of them. */
  readonly updates: readonly ModuleUpdate[];
}

type AheadListener = (changed: readonly string[], updates: readonly ModuleUpdate[]) => void;

export interface ComponentEditsPorts {
  /** The name of a component's module. */
  readonly idOf: (file: string) => string;
  /** What was built before this process, where what it has made is there still. */
  readonly built: ReadonlyMap<string, string> | undefined;
  readonly load: () => Promise<ComponentReader>;
}

/** Whether a file is a component. */
export function isComponent(file: string): boolean {
  return file.endsWith(".orbit");
}

/**
 * What was saved of components, as far as pages can have it before it is built. All is compared with what was built last:
 *
 *     saved ── styles or plain template ──> told at once, built in the background ──> built: pages have it already
 *       └───── anything else ─────────────> built ──> told
 *
 * So patches do not pile up: each says the whole way from what was built to what is saved, and replaces the one before it.
 */
export class ComponentEdits {
  readonly #ports: ComponentEditsPorts;
  #reader: ComponentReader | undefined;
  #loading: Promise<ComponentReader> | undefined;
  /** The texts of the last build that has succeeded. */
  #built: ReadonlyMap<string, string> | undefined;
  /** The texts of the build that runs. */
  #begun: ReadonlyMap<string, string> = new Map();
  /** Whether pages have all that is new in it. */
  #isAhead = false;
  /** What was saved since the last build that has succeeded. */
  readonly #saved = new Set<string>();
  readonly #told = new Map<string, ToldEdit>();
  readonly #texts = new Map<string, { readonly digest: string; readonly text: string }>();
  readonly #changes = new Map<
    string,
    { readonly from: string; readonly to: string; readonly change: ComponentChange }
  >();
  readonly #listeners = new Set<AheadListener>();
  /** Names what pages were told: a page that was told twice has to do it once. */
  #rev = Date.now();

  constructor(ports: ComponentEditsPorts) {
    this.#ports = ports;
    this.#built = ports.built;
    if (ports.built !== undefined) void this.#load();
  }

  /** The texts of the last build that has succeeded. */
  get built(): ReadonlyMap<string, string> {
    return this.#built ?? new Map();
  }

  /** All in which what is saved is ahead of what is built: what a page needs that comes now. */
  get updates(): readonly ModuleUpdate[] {
    return [...this.#told.values()].filter(({ isAhead }) => isAhead).flatMap(({ updates }) => updates);
  }

  /** The names of the components in which what is saved is ahead of what is built. */
  get names(): readonly string[] {
    return [...new Set(this.updates.map(({ id }) => id))];
  }

  /** Hear what pages can have now. Returns what ends it. */
  onAhead(listener: AheadListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** A component may have been saved. */
  note(file: string): void {
    // What is deleted, or half written, is for the build.
    this.#offer(file, readText(file)?.text);
  }

  /** A build begins with what is saved now. Returns what of it cannot be read. */
  begin(files: readonly string[], inputs: Contents): readonly BrokenComponent[] {
    this.#begun = this.#textsOf(inputs);
    if (this.#begun.size > 0 && this.#loading === undefined) void this.#load();
    for (const file of files) this.#saved.add(file);
    for (const [file, text] of this.#begun) this.#offer(file, text);
    this.#isAhead = this.#saved.size > 0 && [...this.#saved].every((file) => this.#isTold(file));
    return files.flatMap((file) => {
      const change = this.#changeTo(file, this.#begun.get(file));
      return change?.kind === "broken" ? [{ file, ...change.problem }] : [];
    });
  }

  /** Whether pages have all that is new in the build that runs. */
  get isAhead(): boolean {
    return this.#isAhead;
  }

  /** The build has succeeded. Returns what pages were told ahead of it, where that is all that is new in it. */
  succeed(): ToldAhead | undefined {
    const told = this.#isAhead ? this.#toldOf([...this.#saved]) : undefined;
    this.#built = this.#begun;
    this.#isAhead = false;
    this.#saved.clear();
    for (const [file, edit] of this.#told) {
      const change = this.#changeTo(file, edit.text);
      const rev = edit.updates[0]?.rev;
      if (change?.kind !== "patch" || rev === undefined) this.#told.delete(file);
      else this.#told.set(file, { ...edit, updates: updatesOf(change.patch, rev), isAhead: true });
    }
    return told;
  }

  #toldOf(files: readonly string[]): ToldAhead {
    const changed = files.filter((file) => this.#changeTo(file, this.#begun.get(file))?.kind === "patch");
    return {
      changed: changed.map((file) => this.#ports.idOf(file)),
      updates: changed.flatMap((file) => this.#told.get(file)?.updates ?? []),
    };
  }

  async #load(): Promise<void> {
    this.#loading ??= this.#ports.load();
    this.#reader = await this.#loading;
    // What was saved meanwhile, or while nobody was there.
    for (const file of this.#built?.keys() ?? []) this.note(file);
  }

  /** Tell pages what a component has become, where they can have it without a build and do not have it yet. */
  #offer(file: string, text: string | undefined): void {
    const built = this.#built?.get(file);
    if (text === undefined || built === undefined) return;
    const told = this.#told.get(file);
    if (text === (told?.text ?? built)) return;
    const change = this.#changeTo(file, text);
    const id = this.#ports.idOf(file);
    if (change?.kind === "patch") this.#tell(file, { text, patch: change.patch, isAhead: true });
    else if (change?.kind === "same" && told !== undefined)
      this.#tell(file, { text, patch: { id }, isAhead: false });
  }

  #tell(file: string, { text, patch, isAhead }: NewEdit): void {
    const before = new Set(this.#told.get(file)?.updates.map(({ kind }) => kind));
    const { id } = patch;
    // What pages were told before, and what is as it was built again, is said as that.
    const whole = before.size === 0 ? undefined : this.#reader?.wholePatch(text, id);
    const styles = patch.styles ?? (before.has("style") ? whole?.styles : undefined);
    const template = patch.template ?? (before.has("template") ? whole?.template : undefined);
    const updates = updatesOf({ id, styles, template }, ++this.#rev);
    this.#told.set(file, { text, updates, isAhead });
    for (const listener of this.#listeners) listener([id], updates);
  }

  /** Whether pages have what is new of a file in the build that runs. */
  #isTold(file: string): boolean {
    const change = this.#changeTo(file, this.#begun.get(file));
    return change?.kind === "same" || (change?.kind === "patch" && this.#told.has(file));
  }

  /** How a component has changed since it was built; nothing where nobody can say. */
  #changeTo(file: string, to: string | undefined): ComponentChange | undefined {
    const from = this.#built?.get(file);
    if (this.#reader === undefined || from === undefined || to === undefined) return undefined;
    const known = this.#changes.get(file);
    if (known?.from === from && known.to === to) return known.change;
    const change = this.#reader.compareComponents(from, to, this.#ports.idOf(file));
    this.#changes.set(file, { from, to, change });
    return change;
  }

  #textsOf(inputs: Contents): ReadonlyMap<string, string> {
    const texts = new Map<string, string>();
    for (const [file, digest] of inputs) {
      if (!isComponent(file)) continue;
      const known = this.#texts.get(file);
      const read = known?.digest === digest ? known : readText(file);
      // What was saved since is not what is built; nobody knows what is.
      if (read?.digest !== digest) continue;
      this.#texts.set(file, read);
      texts.set(file, read.text);
    }
    return texts;
  }
}

function readText(file: string): { readonly digest: string; readonly text: string } | undefined {
  try {
    const content = readFileSync(file);
    return { digest: contentDigest(content), text: content.toString() };
  } catch {
    return undefined;
  }
}

function updatesOf({ id, styles, template }: ComponentPatch, rev: number): readonly ModuleUpdate[] {
  return [
    ...(styles === undefined ? [] : [{ id, kind: "style", rev, css: styles.join("\n"), styles } as const]),
    ...(template === undefined
      ? []
      : [{ id, kind: "template", rev, html: template.text, template } as const]),
  ];
}
