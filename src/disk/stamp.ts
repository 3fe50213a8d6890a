/**
 * What a file looked like when it was read, from `stat` alone. Two equal stamps mean the same content, unless the
 * file was written so recently that the clock of its file system could not tell two writes apart.
 */
export interface Stamp {
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
  readonly size: bigint;
  readonly inode: bigint;
  readonly device: bigint;
}

/** Whether nothing distinguishes two looks at a file. `undefined` is a file that does not exist. */
export function isSameStamp(a: Stamp | undefined, b: Stamp | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return (
    a.mtimeNs === b.mtimeNs &&
    a.size === b.size &&
    a.ctimeNs === b.ctimeNs &&
    a.inode === b.inode &&
    a.device === b.device
  );
}

/** Whether two looks saw the same file or folder, be it with another content. */
export function isSameObject(a: Stamp | undefined, b: Stamp | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.inode === b.inode && a.device === b.device;
}

const NS_PER_MS = 1_000_000n;
const NS_PER_S = 1_000n * NS_PER_MS;

/** Two writes within this time can leave the same stamp: 20 ms, or 2 s where the file system counts seconds. */
export function granularityMs({ mtimeNs, ctimeNs }: Stamp): number {
  const areWholeSeconds = mtimeNs % NS_PER_S === 0n && ctimeNs % NS_PER_S === 0n;
  return areWholeSeconds ? 2_000 : 20;
}

/**
 * Whether a file may have been written once more since, without a difference in its stamp. The time of its last change
 * decides: unlike that of the last modification, programs cannot set it.
 */
export function isYoung(stamp: Stamp, nowMs: number): boolean {
  return nowMs - Number(stamp.ctimeNs / NS_PER_MS) <= granularityMs(stamp);
}
