import { isLockfile } from "../plan/judge-settings.ts";

const SETTINGS =
  /(?:^|\/)(?:\.env(?:\.[^/]+)?|(?:vite|orbiton)\.config\.\w+|[jt]sconfig(?:\.[^/]+)?\.json|package\.json)$/;

/** Whether a file decides how code is transformed, resolved or run, without being imported by any. */
export function isSettingsName(file: string): boolean {
  return SETTINGS.test(file) || isLockfile(file);
}
