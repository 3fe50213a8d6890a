/** What a settings file in JSON holds. */
export type Settings = Readonly<Record<string, unknown>>;

/**
 * JSON with the comments and trailing commas that compilers' settings may have; `undefined` for what is no object,
 * or half written.
 */
export function parseSettings(text: string): Settings | undefined {
  const plain = text
    .replace(/^\uFEFF/, "")
    .replaceAll(/"(?:\\.|[^"\\])*"|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (part) =>
      part.startsWith('"') ? part : "",
    )
    .replaceAll(/"(?:\\.|[^"\\])*"|,(?=\s*[}\]])/g, (part) => (part === "," ? "" : part));
  try {
    const parsed: unknown = JSON.parse(plain);
    return isSettings(parsed) ? parsed : undefined;
  } catch {
    // Half written: whoever needs it says what is wrong.
    return undefined;
  }
}

/** The object at a key; without one there, an empty one. */
export function settingsAt(settings: Settings, key: string): Settings {
  const value = settings[key];
  return isSettings(value) ? value : {};
}

/** The names of the keys whose values differ, in the order of the newer file. */
export function changedKeys(
  before: Settings,
  after: Settings,
  isSame: (a: unknown, b: unknown) => boolean,
): string[] {
  const keys = new Set([...Object.keys(after), ...Object.keys(before)]);
  return [...keys].filter((key) => !isSame(before[key], after[key]));
}

/** Whether two values of JSON are equal, whatever the order of their keys. */
export function isSameData(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((item, index) => isSameData(item, b[index]));
  if (!isSettings(a) || !isSettings(b)) return Object.is(a, b);
  return changedKeys(a, b, isSameData).length === 0;
}

/** Whether two values of JSON are equal, the order of their keys included: conditions of `exports` are tried in turn. */
export function isSameText(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function isSettings(value: unknown): value is Settings {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
