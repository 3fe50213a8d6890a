/** What Vite writes before a text that mentions `import.meta.env`. */
const BAKED = /import\.meta\.env = \{.*?\};/;
const ENTRY = /"([^"\\]*)": "(?:[^"\\]|\\.)*"(?:, )?/g;

/**
 * Blank out the keys of `.env` files that the transform wrote into a text: a changed key would make it another text,
 * although nobody may have read it. Running code gets today's values whatever the text says. Positions stay.
 *
 * @param isPublic whether a key comes from the environment
 */
export function withoutBakedKeys(code: string, isPublic: (key: string) => boolean): string {
  return code.replace(BAKED, (baked) =>
    baked.replaceAll(ENTRY, (entry, key: string) => (isPublic(key) ? " ".repeat(entry.length) : entry)),
  );
}
