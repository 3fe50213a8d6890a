/**
 * Whether a value is a web `Response`. The class may be another copy (of undici, of another realm), so its tag counts,
 * not its constructor.
 */
export function isResponse(value: unknown): value is Response {
  return value instanceof Response || Object.prototype.toString.call(value) === "[object Response]";
}

/** What keeps a response from being sent, as what was expected and what came; `undefined` if nothing does. */
export function reasonNotSendable(response: Response): string | undefined {
  if (response.status < 200) return `a Response with a status from 200 to 599, got ${response.status}`;
  if (response.bodyUsed) return "a Response whose body is unread, got one that was already read or sent";
  if (response.body?.locked) return "a Response whose body is free, got one that somebody is still reading";
  return undefined;
}

/** The same head without a body. The body is cancelled, so that whatever feeds it can stop. */
export async function withoutBody(response: Response): Promise<Response> {
  const { status, statusText, headers, body } = response;
  await body?.cancel();
  return new Response(null, { status, statusText, headers });
}
