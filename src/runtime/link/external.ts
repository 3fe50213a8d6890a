import { ExternalModule } from "../model/module-record.ts";
import { isOwnScript } from "../own-scripts.ts";
import { whilePackageLoads } from "../inputs/index.ts";

/** Makes what project code gets for `createRequire(from)`. */
export type CreateRequire = (from: string | URL) => NodeJS.Require;

/** Import a package or builtin natively. */
export async function importExternal(
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
