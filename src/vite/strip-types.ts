import { loadOxc } from "./oxc.ts";

/** TypeScript to JavaScript, at once: `require` cannot wait for Vite's pipeline. */
export function stripTypesSync(file: string, code: string): string {
  return loadOxc().transformSync(file, code, { sourceType: "script" }).code;
}
