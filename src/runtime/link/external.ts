import { messageOf } from "../../protocol/message-of.ts";
import { ExternalModule } from "../model/module-record.ts";
import { isOwnScript } from "../own-scripts.ts";
import { whilePackageLoads } from "../inputs/index.ts";

/** Makes what project code gets for `createRequire(from)`. */
export type CreateRequire = (from: string | URL) => NodeJS.Require;

/** What a package threw while Node loaded it. */
export class PackageLoadError extends Error {
  override readonly name = "PackageLoadError";
  /** Node answers with what it has kept: it loads no module twice. */
  readonly isKept: boolean;

  constructor(message: string, options: { readonly isKept: boolean; readonly cause: unknown }) {
    super(message, options);
    this.isKept = options.isKept;
  }
}

/** Packages and builtins, imported natively, each once; what fails to load is tried again. */
export class Externals {
  readonly #byUrl = new Map<string, Promise<ExternalModule>>();
  readonly #lastErrors = new Map<string, unknown>();
  readonly #createRequire: CreateRequire;

  constructor(createRequire: CreateRequire) {
    this.#createRequire = createRequire;
  }

  /** @throws {PackageLoadError} */
  async load(url: string, isCommonJs: boolean): Promise<ExternalModule> {
    let external = this.#byUrl.get(url);
    if (external === undefined) {
      external = this.#import(url, isCommonJs);
      this.#byUrl.set(url, external);
      // A package that fails to load may be installed a moment later.
      external.catch(() => this.#byUrl.delete(url));
    }
    return external;
  }

  async #import(url: string, isCommonJs: boolean): Promise<ExternalModule> {
    try {
      return await importExternal(url, isCommonJs, this.#createRequire);
    } catch (error) {
      const isKept = this.#lastErrors.has(url) && this.#lastErrors.get(url) === error;
      this.#lastErrors.set(url, error);
      throw new PackageLoadError(messageOf(error), { isKept, cause: error });
    }
  }
}

async function importExternal(
  url: string,
  isCommonJs: boolean,
  createRequire: CreateRequire,
): Promise<ExternalModule> {
  const imported = await whilePackageLoads(async (): Promise<Record<string, unknown>> => import(url));
  const namespace = asProjectSees(url, imported, createRequire);
  return new ExternalModule({
    id: url,
    namespace,
    // Explicit state takes part in transactions, it does not remember.
    remembers: url.startsWith("file:") && !isOwnScript(url),
    isCommonJs,
  });
}

function asProjectSees(
  url: string,
  imported: Record<string, unknown>,
  createRequire: CreateRequire,
): Record<string, unknown> {
  if (/^(node:)?module$/.test(url)) return withProjectRequire(imported, createRequire);
  // A named import would stay what it was when Node has last looked.
  if (/^(node:)?process$/.test(url)) return Object.defineProperty({ ...imported }, "env", ENVIRONMENT);
  return imported;
}

const ENVIRONMENT: PropertyDescriptor = { enumerable: true, get: () => process.env };

/** Project files that are required are modules like any other, so `createRequire` must not hide them in Node. */
function withProjectRequire(
  namespace: Record<string, unknown>,
  createRequire: CreateRequire,
): Record<string, unknown> {
  const main: object = Object.create(Object(namespace["default"]));
  return { ...namespace, createRequire, default: Object.assign(main, { createRequire }) };
}
