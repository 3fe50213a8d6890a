/** Signals by which people and programs ask a process to end. */
export const ENDING_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** One of {@link ENDING_SIGNALS}. */
export type EndingSignal = (typeof ENDING_SIGNALS)[number];

/** npm passes on what the terminal has sent to all: the same signal within this time is no second one. */
export const ECHO_MS = 500;
