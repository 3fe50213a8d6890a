import type { Alias } from "./bundler-settings.ts";

/** A specifier as the first alias that applies leaves it. */
export function aliased(specifier: string, aliases: readonly Alias[]): string {
  const alias = aliases.find(({ find }) =>
    typeof find === "string"
      ? specifier === find || specifier.startsWith(`${find}/`)
      : specifier.search(find) !== -1,
  );
  return alias === undefined ? specifier : specifier.replace(alias.find, alias.replacement);
}
