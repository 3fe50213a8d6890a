/*
 * A value as text: one JSON array of nodes that point to each other by number. Shared references and cycles survive, and
 * nobody who reads or writes it has to recurse.
 *
 *     { a: [1, -0], b: <the same array> }   ->   [[1], ["object","a",[2],"b",[2]], ["array",1,["-0"]]]
 *                                                 root  node 1                      node 2
 *
 * A slot stands wherever a value can: a JSON primitive is itself, `[n]` is node n, `["NaN"]` and its like are what JSON
 * has no word for. A node begins with its kind:
 *
 *     object, bare         key, slot, key, slot, …       (bare: without a prototype)
 *     array, set           slot, slot, …
 *     sparse               length, index, slot, index, slot, …
 *     map                  slot of a key, slot of its value, …
 *     date                 milliseconds, or null for an invalid one
 *     regexp               source, flags, lastIndex
 *     url                  href
 *     error                class, message, key, slot, …  (own properties and what caused it)
 *     buffer, bytes        base64                        (bytes: a Buffer of Node)
 *     view                 class, slot of a buffer, offset in bytes, length in elements
 *
 * Objects are lists and never JSON objects, so that no key can mean anything to a parser.
 */

/** Values without a word in JSON, by their word here. */
export const UNSPOKEN: ReadonlyMap<unknown, unknown> = new Map<unknown, unknown>([
  ["undefined", undefined],
  ["NaN", Number.NaN],
  ["Infinity", Infinity],
  ["-Infinity", -Infinity],
  ["-0", -0],
]);

/**
 * The longest array with holes. A longer one costs nothing to store, and everything to whoever walks through it.
 */
export const MAX_SPARSE_LENGTH = 10_000_000;

/** The longest BigInt, in hexadecimal digits. */
export const MAX_BIGINT_DIGITS = 1_000_000;

/** Own properties of errors that `Object.keys` does not show. */
export const HIDDEN_IN_ERRORS: readonly string[] = ["cause", "errors"];
