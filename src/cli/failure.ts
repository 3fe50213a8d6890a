import { OrbitError } from "../protocol/orbit-error.ts";
import type { ReportedFailure } from "../protocol/server-messages.ts";

/** What to tell users about an error: ours in one sentence, another's with the way that led to it. */
export function failureOf(error: unknown): ReportedFailure {
  if (error instanceof OrbitError) return { message: error.message, code: error.code };
  if (!(error instanceof Error)) return { message: String(error) };
  const isViteMissing =
    "code" in error && error.code === "ERR_MODULE_NOT_FOUND" && /'vite'/.test(error.message);
  if (isViteMissing)
    return { message: "[orbit] Expected Vite 8 to be installed: npm install --save-dev vite" };
  return { message: error.message, stack: error.stack };
}
