/** How long something that has to happen may take on a busy machine. */
export const soon = { timeout: 15_000, interval: 10 } as const;
