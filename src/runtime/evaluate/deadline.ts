/**
 * Wait for something that project code does, but not for ever.
 *
 * @param onOverdue called when the time is up; what it returns or throws is the outcome
 */
export async function within<T>(running: Promise<T>, deadlineMs: number, onOverdue: () => T): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const overdue = new Promise<T>((resolve, reject) => {
    timer = setTimeout(() => {
      try {
        resolve(onOverdue());
      } catch (error) {
        reject(error);
      }
    }, deadlineMs);
  });
  try {
    return await Promise.race([running, overdue]);
  } finally {
    clearTimeout(timer);
  }
}
