import { digestOf } from "../disk/disk.ts";

/** One kept value, as the file has it. */
export interface StoredValue {
  /** The last day on which a server held it, in days since 1970. */
  readonly seenDay: number;
  /** When a server changed it last, in epoch milliseconds. */
  readonly changedAt: number;
  /** As written by the encoding of `state/`: one line. */
  readonly text: string;
}

/** What a state file contains. */
export interface StateContent {
  /** Epoch milliseconds. */
  readonly savedAt: number;
  readonly values: ReadonlyMap<string, StoredValue>;
}

/** What a text was. */
export type StateReading =
  | { readonly status: "read"; readonly content: StateContent }
  /** `reason` completes "it …". */
  | { readonly status: "unreadable"; readonly reason: string };

/** Change it together with the name of the file when older versions could not read it. */
const SCHEMA = 1;

interface Header {
  readonly schema: number;
  /** A copied `node_modules` brings the state of another project along. */
  readonly root: string;
  readonly savedAt: number;
  /** Of all that follows: what was cut off or garbled is noticed before any of it counts. */
  readonly digest: string;
}

/**
 * The text of a state file: a header, then two lines of JSON for each value. The second one is only parsed when somebody
 * asks for the value.
 */
export function writeContent({ savedAt, values }: StateContent, root: string): string {
  const lines: string[] = [];
  for (const [id, { seenDay, changedAt, text }] of values)
    lines.push(JSON.stringify({ id, seenDay, changedAt }), text);
  const body = lines.join("\n");
  const header: Header = { schema: SCHEMA, root, savedAt, digest: digestOf(body) };
  return `${JSON.stringify(header)}\n${body}`;
}

/** Reads the text of a state file. Nothing in it is trusted, and nothing is thrown. */
export function readContent(text: string, root: string): StateReading {
  const end = text.indexOf("\n");
  const header = parse(end === -1 ? text : text.slice(0, end));
  if (header?.["schema"] !== SCHEMA) return unreadable("is not a state file of this version");
  if (header["root"] !== root) return unreadable("belongs to another project");
  const body = text.slice(end + 1);
  if (header["digest"] !== digestOf(body)) return unreadable("is damaged");
  const values = valuesIn(body);
  const { savedAt } = header as { readonly savedAt?: unknown };
  if (values === undefined || typeof savedAt !== "number") return unreadable("is damaged");
  return { status: "read", content: { savedAt, values } };
}

function valuesIn(body: string): Map<string, StoredValue> | undefined {
  const values = new Map<string, StoredValue>();
  const lines = body === "" ? [] : body.split("\n");
  for (let index = 0; index < lines.length; index += 2) {
    const { id, seenDay, changedAt } = parse(lines[index] ?? "") ?? {};
    const text = lines[index + 1];
    if (typeof id !== "string" || typeof seenDay !== "number") return undefined;
    if (typeof changedAt !== "number" || text === undefined) return undefined;
    values.set(id, { seenDay, changedAt, text });
  }
  return values;
}

function unreadable(reason: string): StateReading {
  return { status: "unreadable", reason };
}

function parse(line: string): { readonly [key: string]: unknown } | undefined {
  try {
    const parsed: unknown = JSON.parse(line);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- an object has keys, and each is checked
    return typeof parsed === "object" && parsed !== null ? (parsed as { [key: string]: unknown }) : undefined;
  } catch {
    // Not JSON is one way not to be ours.
    return undefined;
  }
}
