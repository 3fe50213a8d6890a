const SHOWN = 20;

export const sourceOf = (edge) => edge.split(" -> ")[0];
export const targetOf = (edge) => edge.split(" -> ")[1];

/** What both have, what only the reference has (missed) and what only the candidate has (false). */
export function compareEdges(candidate, reference) {
  return {
    agreeing: [...candidate].filter((edge) => reference.has(edge)),
    missed: [...reference].filter((edge) => !candidate.has(edge)),
    false: [...candidate].filter((edge) => !reference.has(edge)),
  };
}

/** Name the edges that differ, the first of them at least. */
export function showDifferences(name, { missed, false: wrong }) {
  for (const [title, edges] of [
    ["missed", missed],
    ["false", wrong],
  ]) {
    for (const edge of edges.slice(0, SHOWN)) console.log(`${name}: ${title}: ${edge}`);
    if (edges.length > SHOWN) console.log(`${name}: ${title}: and ${edges.length - SHOWN} more`);
  }
}
