import { cellsOf } from "../runtime/index.ts";
import type { EarlierValue, ModuleRecord } from "../runtime/index.ts";
import type { StateFile } from "./state-file.ts";

type LiveGeneration = NonNullable<ModuleRecord["live"]>;

/** How the bindings of a module are stored; another form would be another name. */
const FORM = "top-level bindings, 1";

type Bindings = Readonly<Record<string, EarlierValue>>;

/**
 * Top-level bindings on their way to the next process. All of one module are one value, so that objects which they
 * share are shared again.
 */
export class KeptCells {
  readonly #file: StateFile;
  readonly #recalled = new Map<string, Bindings | undefined>();

  constructor(file: StateFile) {
    this.#file = file;
  }

  /** What a binding held when the last process ended; its signature says for which initializer. */
  restore(module: string, name: string): EarlierValue | undefined {
    if (!this.#recalled.has(module))
      this.#recalled.set(module, readBindings(this.#file.recall(module, FORM)?.value));
    const bindings = this.#recalled.get(module);
    return bindings !== undefined && Object.hasOwn(bindings, name) ? bindings[name] : undefined;
  }

  /** Keep what live modules hold. */
  provide(records: () => Iterable<ModuleRecord>): void {
    this.#file.provide(function* () {
      for (const { live, displayName } of records()) {
        // What was read of files is read again: they may say something else by then.
        const values =
          live && without(without(cellsOf(live).values, live.outside?.filled), tokensOf(live.source));
        if (values === undefined || values.size === 0) continue;
        yield {
          name: displayName,
          signature: FORM,
          value: Object.fromEntries(values),
          nameOf: (path) => displayName + path.replace(/^\.([^.[]+)\.value/, ":$1"),
        };
      }
    });
  }
}

/** Bindings whose initializer makes symbols: only the code that runs has those, and the next process makes its own. */
function tokensOf({ code, analysis }: LiveGeneration["source"]): ReadonlySet<string> {
  const tokens = analysis.cells.filter(
    ({ initializer }) => initializer !== undefined && /\bSymbol\s*\(/.test(code.slice(...initializer)),
  );
  return new Set(tokens.map(({ name }) => name));
}

function without<T>(
  values: ReadonlyMap<string, T>,
  left: ReadonlySet<string> = new Set(),
): ReadonlyMap<string, T> {
  return left.size === 0 ? values : new Map([...values].filter(([name]) => !left.has(name)));
}

function readBindings(value: unknown): Bindings | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, EarlierValue] => isEarlier(entry[1])),
  );
}

function isEarlier(value: unknown): value is EarlierValue {
  return (
    typeof value === "object" &&
    value !== null &&
    "value" in value &&
    "signature" in value &&
    typeof value.signature === "string"
  );
}
