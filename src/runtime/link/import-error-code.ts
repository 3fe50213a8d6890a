import { createRequire } from "node:module";

/** The `code` of the error with which Node refuses to import what leads nowhere. */
export function importErrorCode(specifier: string, importer: string | undefined): string {
  if (specifier.startsWith("node:")) return "ERR_UNKNOWN_BUILTIN_MODULE";
  if (/^[./]|^file:|^[A-Za-z]:[\\/]/.test(specifier) || importer === undefined) return "ERR_MODULE_NOT_FOUND";
  if (/^[A-Za-z][A-Za-z\d+.-]*:/.test(specifier)) return "ERR_UNSUPPORTED_ESM_URL_SCHEME";
  try {
    // `import` and `require` differ in little else than their words.
    createRequire(importer).resolve(specifier);
    // It is there, for others than those who import it.
    return "ERR_PACKAGE_PATH_NOT_EXPORTED";
  } catch (error) {
    if (error instanceof SyntaxError) return "ERR_INVALID_PACKAGE_CONFIG";
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (code.startsWith("ERR_")) return code;
    return specifier.startsWith("#") ? "ERR_PACKAGE_IMPORT_NOT_DEFINED" : "ERR_MODULE_NOT_FOUND";
  }
}
