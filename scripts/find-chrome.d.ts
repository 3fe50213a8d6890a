/** Where a Chrome or Chromium is: `CHROME_PATH`, then the usual places, then Playwright's own download. */
export function findChrome(env?: Readonly<Record<string, string | undefined>>): string | undefined;
