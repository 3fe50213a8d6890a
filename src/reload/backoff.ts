/** The first pause between two tries, in milliseconds; each further one is twice as long. */
const FIRST_PAUSE_MS = 50;

/**
 * How long to wait before a retry: 50 ms, 100 ms, 200 ms, … and up to a quarter more, so that several routes that
 * wait for the same file do not all ask at once.
 *
 * @param retry counts from 1
 */
export function pauseBefore(retry: number, random: () => number = Math.random): number {
  return FIRST_PAUSE_MS * 2 ** (retry - 1) * (1 + random() / 4);
}
