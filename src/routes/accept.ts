/**
 * Whether the client would rather have a page than JSON: a browser's navigation, not `fetch` and not curl.
 *
 * HTML has to be named. A tie and a wildcard mean JSON, the form every program can read.
 */
export function prefersHtml(accept: string | null): boolean {
  if (accept === null) return false;
  const weights = readWeights(accept);
  const html = weights.get("text/html") ?? 0;
  const json = Math.max(
    ...["application/problem+json", "application/json"].map(
      (type) => weights.get(type) ?? weights.get("application/*") ?? weights.get("*/*") ?? 0,
    ),
  );
  return html > json;
}

function readWeights(accept: string): ReadonlyMap<string, number> {
  const weights = new Map<string, number>();
  for (const range of accept.toLowerCase().split(",")) {
    const [type = "", ...parameters] = range.split(";").map((part) => part.trim());
    const weight = parameters.find((parameter) => parameter.startsWith("q="));
    weights.set(type, weight === undefined ? 1 : Number(weight.slice(2)) || 0);
  }
  return weights;
}
