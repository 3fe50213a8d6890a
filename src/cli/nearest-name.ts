import { editDistance } from "../settings/edit-distance.ts";

/** The known name that was probably meant, if any is near enough. */
export function nearestName(word: string, names: readonly string[]): string | undefined {
  const given = lettersOf(word);
  const [nearest] = names
    .map((name) => ({ name, distance: editDistance(given, lettersOf(name)) }))
    .toSorted((a, b) => a.distance - b.distance);
  if (nearest !== undefined && nearest.distance <= 2 && nearest.distance < given.length) return nearest.name;
  return names.find((name) => given !== "" && lettersOf(name).startsWith(given));
}

/** `strict-port` and `strictPort` are the same word. */
function lettersOf(word: string): string {
  return word.toLowerCase().replaceAll("-", "");
}
