/** Server code keeps the event loop busy, and with it the whole server; or does so no more. */
export interface BlockedLoop {
  /** Where it is: `pages/api/report.ts:12`. */
  readonly place: string;
  /** Which request runs it: `GET /api/report`. Absent for timers and modules that load. */
  readonly route?: string | undefined;
  readonly ms: number;
  readonly isOver: boolean;
}

/** What people are told about it; `help` says what they can do. */
export function blockedLoopText({ place, route, ms, isOver }: BlockedLoop, help: string): string {
  const code = route === undefined ? place : `${place} (${route})`;
  const seconds = (ms / 1000).toFixed(1);
  return isOver
    ? `${code} has let the server go on after ${seconds} s.`
    : `${code} has kept the server busy for ${seconds} s: nothing else is answered. ${help}`;
}
