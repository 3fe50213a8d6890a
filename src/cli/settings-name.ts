const SETTINGS =
  /(?:^|\/)(?:\.env(?:\.[^/]+)?|(?:vite|orbiton)\.config\.\w+|[jt]sconfig(?:\.[^/]+)?\.json|package(?:-lock)?\.json|pnpm-lock\.yaml|yarn\.lock|bun\.lockb?)$/;

/** Whether a file decides how code is transformed, resolved or run, without being imported by any. */
export function isSettingsName(file: string): boolean {
  return SETTINGS.test(file);
}
