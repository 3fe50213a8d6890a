/** The text of any thrown value, without terminal colours. */
export function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  // oxlint-disable-next-line no-control-regex -- that is what colours are made of
  return text.replaceAll(/\u001B\[[0-9;]*m/g, "");
}
