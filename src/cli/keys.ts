/** What a key asks for. */
export type KeyCommand = "reload" | "restart" | "build" | "urls" | "open" | "clear" | "help" | "quit";

/** The part of a terminal's input that keys need; `process.stdin` has it when it is a terminal. */
export interface KeyInput {
  setRawMode(isRaw: boolean): unknown;
  setEncoding(encoding: "utf8"): unknown;
  on(event: "data", listener: (text: string) => void): unknown;
  on(event: "error", listener: () => void): unknown;
  off(event: "data", listener: (text: string) => void): unknown;
  pause(): unknown;
  resume(): unknown;
}

const commandsByKey: ReadonlyMap<string, KeyCommand> = new Map([
  ["r", "reload"],
  ["R", "restart"],
  ["b", "build"],
  ["u", "urls"],
  ["o", "open"],
  ["c", "clear"],
  ["h", "help"],
  ["?", "help"],
  ["q", "quit"],
]);
const CTRL_C = "\u0003";
const CTRL_Z = "\u001A";

/** Listens to single keys, until the returned function is called. */
export function listenToKeys(input: KeyInput, onCommand: (command: KeyCommand) => void): () => void {
  const hear = (text: string): void => {
    // In raw mode the terminal no longer turns these into signals.
    if (text.includes(CTRL_C)) return onCommand("quit");
    if (text === CTRL_Z) return suspend(input);
    // Anything longer was pasted, or is the sequence of an arrow key.
    const asked = commandsByKey.get(text);
    if (asked !== undefined) onCommand(asked);
  };
  input.setEncoding("utf8");
  input.on("data", hear);
  input.resume();
  input.on("error", () => undefined); // the terminal is gone; SIGHUP says what that means
  input.setRawMode(true);
  return () => {
    input.off("data", hear);
    input.setRawMode(false);
    input.pause();
  };
}

/** What Ctrl+Z does to a program in the foreground: all of its processes wait until the shell says `fg`. */
function suspend(input: KeyInput): void {
  if (process.platform === "win32") return;
  input.setRawMode(false);
  process.once("SIGCONT", () => input.setRawMode(true));
  process.kill(0, "SIGTSTP");
}
