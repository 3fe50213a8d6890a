/** `/api/users/:id` and `/api/files/:path*` as the paths that they answer. */
export function patternOf(route: string): RegExp {
  const parts = route.split("/").map((part) => {
    if (/^:.+\*$/.test(part)) return ".*";
    return part.startsWith(":") ? "[^/]+" : escaped(part);
  });
  return new RegExp(`^${parts.join("/").replace(/\/\.\*$/, "(?:/.*)?")}/?$`);
}

/** Everything below a prefix. */
export function patternBelow(prefix: string): RegExp {
  return new RegExp(`^${escaped(prefix)}(?:/|$)`);
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}
