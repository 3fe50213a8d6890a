import path from "node:path";
import { debuglog } from "node:util";
import { init, parse } from "es-module-lexer";
import { normalizePath } from "vite";
import type { Environment, ResolvedConfig } from "vite";
import { loadOxc } from "../project/oxc.ts";
import type { FetchedModule } from "../runtime/index.ts";
import { pluginsInTheWay, wantsText } from "./plugin-hooks.ts";
import type { TextHook } from "./plugin-hooks.ts";

const log = debuglog("orbit:read");

/** A text that was read again without Vite's pipeline. */
export type DirectText = Pick<FetchedModule & { readonly kind: "source" }, "code" | "map">;

/** A text as it was written, and what Vite's pipeline made of it. */
interface Passed {
  readonly written: string;
  readonly code: string;
}

/** What the pipeline writes for each specifier. */
type Links = ReadonlyMap<string, string>;

/**
 * Edited texts of plain JavaScript and TypeScript, read again without the detour through every plugin: nearly all that
 * an edit costs in Vite's pipeline is to ask plugins that have nothing to say, and to resolve imports that are as they
 * were.
 *
 * A file's first text always goes through Vite, which resolves its imports. A later one goes directly if the direct way
 * makes of the text before exactly what Vite has made of it, if it imports what that one imported, if no plugin could
 * have a word in it, and if nothing in it is written anew by Vite (`import.meta`, `import()`, keys of `define`). Any
 * doubt, and any error, means Vite's way.
 */
export class DirectTexts {
  readonly #written = new Map<string, string>();
  readonly #passed = new Map<string, Passed>();
  readonly #links = new Map<string, Links | undefined>();
  readonly #hooks: readonly TextHook[];
  readonly #oxc: OxcSettings | undefined;
  readonly #tsconfigs = new (loadOxc().TsconfigCache)();
  readonly #defined: RegExp | undefined;

  constructor(environment: Environment) {
    this.#hooks = pluginsInTheWay(environment.plugins);
    this.#oxc = oxcSettings(environment.getTopLevelConfig());
    this.#defined = definedNames(environment.config);
  }

  /** What a file says, right before Vite's pipeline gets it. Returns whether no plugin may have another text for it. */
  noteWritten(id: string, written: string): boolean {
    const isAlone = !this.#hooks.some((hook) => hook.kind === "load" && wantsText(hook, id, []));
    if (isAlone) this.#written.set(id, written);
    return isAlone;
  }

  /** What the pipeline has made of it. */
  notePassed(id: string, code: string): void {
    const written = this.#written.get(id);
    this.#written.delete(id);
    this.#links.delete(id);
    // After a change of compiler settings each file goes through Vite once before it is read directly again.
    this.#tsconfigs.clear();
    if (written === undefined) this.#passed.delete(id);
    else this.#passed.set(id, { written, code });
  }

  /** Read a file whose imports lead where they led; `undefined` where Vite has to do it. */
  async read(file: string, readText: (file: string) => string | undefined): Promise<DirectText | undefined> {
    const id = normalizePath(file);
    try {
      const links = await this.#linksOf(id);
      if (links === undefined) return undefined;
      const written = readText(file);
      const text = written === undefined ? undefined : this.#transform(id, written);
      const code = text && withLinks(text.code, links);
      if (code === undefined) return refused(id, "its text asks for Vite's way");
      log("%s directly", id);
      return { code, map: text?.map };
    } catch (error) {
      return refused(id, error);
    }
  }

  async #linksOf(id: string): Promise<Links | undefined> {
    if (this.#links.has(id)) return this.#links.get(id);
    const passed = this.#passed.get(id);
    const links = passed && (await this.#learn(id, passed));
    this.#passed.delete(id);
    this.#links.set(id, links);
    return links;
  }

  /** What the pipeline has written for each specifier, if that is all that it has done besides the compiler's work. */
  async #learn(id: string, passed: Passed): Promise<Links | undefined> {
    await init();
    const text = this.#transform(id, passed.written);
    if (text === undefined) return refused(id, "the text before asked for Vite's way");
    const after = parse(passed.code)[0].map(({ specifier }) => specifier);
    const links = new Map<string, string>();
    parse(text.code)[0].forEach(({ specifier }, index) => {
      if (typeof specifier === "string") links.set(specifier, after[index] ?? specifier);
    });
    if (withLinks(text.code, links) === passed.code) return links;
    return refused(id, "plugins have changed the text before");
  }

  #transform(id: string, written: string): DirectText | undefined {
    const kind = PLAIN.exec(id)?.[1];
    if (kind === undefined || this.#oxc === undefined) return undefined;
    const text = kind.endsWith("js") ? withoutBom(written) : this.#strip(id, written, kind.replace("m", ""));
    if (text === undefined || this.#defined?.test(text.code) === true) return undefined;
    return this.#hooks.some((hook) => wantsText(hook, id, [written, text.code])) ? undefined : text;
  }

  #strip(id: string, written: string, lang: string): DirectText | undefined {
    const settings = { ...this.#oxc, lang };
    const { code, map, errors, warnings } = loadOxc().transformSync(id, written, settings, this.#tsconfigs);
    if (errors.length > 0 || warnings.length > 0) return undefined;
    return { code, map: map && { mappings: map.mappings, sources: [path.basename(id)] } };
  }
}

const textsByEnvironment = new WeakMap<Environment, DirectTexts>();

/** Those of one environment: a restart of Vite begins anew, for it may bring other plugins. */
export function directTextsOf(environment: Environment): DirectTexts {
  const known = textsByEnvironment.get(environment);
  if (known !== undefined) return known;
  const texts = new DirectTexts(environment);
  textsByEnvironment.set(environment, texts);
  return texts;
}

/** What is read as it is written, types aside. */
const PLAIN = /^(?:\/|[A-Za-z]:\/)[^?\0]*\.(m?ts|[jt]sx|m?js)$/;

type OxcSettings = Exclude<ResolvedConfig["oxc"], false> & { readonly sourcemap: boolean };

/** The compiler's settings as Vite's own plugin has them; `undefined` where they ask for more than the compiler. */
function oxcSettings({ oxc }: ResolvedConfig): OxcSettings | undefined {
  if (oxc === false) return undefined;
  const { include, exclude, jsxInject, jsxRefreshInclude, jsxRefreshExclude, ...settings } = oxc;
  if ([include, exclude, jsxInject, jsxRefreshInclude, jsxRefreshExclude].some(Boolean)) return undefined;
  const { jsx } = settings;
  return {
    ...settings,
    sourcemap: true,
    ...(typeof jsx === "object" && jsx.refresh ? { jsx: { ...jsx, refresh: false } } : {}),
  };
}

/** Matches where something may stand that `define` gives another value. */
function definedNames({
  define,
  keepProcessEnv,
}: Pick<ResolvedConfig, "define"> & { readonly keepProcessEnv?: boolean }): RegExp | undefined {
  const names = Object.keys(define ?? {}).map((key) => key.split(".")[0] ?? key);
  if (keepProcessEnv !== true) names.push("process");
  if (names.length === 0) return undefined;
  return new RegExp(names.map((name) => name.replaceAll(/[^\w]/g, String.raw`\$&`)).join("|"));
}

/** The text with what the pipeline writes for its specifiers; `undefined` if it asks for anything else. */
function withLinks(code: string, links: Links): string | undefined {
  const [imports, , , hasModuleSyntax] = parse(code);
  if (!hasModuleSyntax) return undefined;
  const asked = new Set<string>();
  let result = "";
  let at = 0;
  for (const each of imports) {
    const isPlain = each.type === "static" || each.type === "reexport-star";
    if (!isPlain || each.phase !== null || each.attributes !== null) return undefined;
    const url = links.get(each.specifier);
    if (url === undefined) return undefined;
    asked.add(each.specifier);
    if (url === each.specifier) continue;
    // With its quotes.
    result += code.slice(at, each.start - 1) + JSON.stringify(url);
    at = each.end + 1;
  }
  return asked.size === links.size ? result + code.slice(at) : undefined;
}

function withoutBom(code: string): DirectText {
  return { code: code.startsWith("\uFEFF") ? code.slice(1) : code, map: undefined };
}

function refused(id: string, why: unknown): undefined {
  log("%s through Vite: %s", id, why);
  return undefined;
}
