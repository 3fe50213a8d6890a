import { randomUUID } from "node:crypto";
import { existsSync, realpathSync } from "node:fs";
import { findLivingServers } from "./liveness.ts";
import {
  createServerFile,
  isOwnFile,
  listServerFiles,
  ownServerFiles,
  removeServerFile,
  replaceServerFile,
} from "./server-files.ts";
import type { ServerAddress, ServerRecord } from "./server-record.ts";
import { processSlot } from "../protocol/process-slot.ts";
import { messageOf } from "../protocol/message-of.ts";

/** By root. */
const places = (): Map<string, Promise<ServerPlace>> =>
  processSlot("places@1", () => new Map<string, Promise<ServerPlace>>());

/** The place of this process among the servers of a project. All servers of the project in this process share it. */
export async function holdPlace(root: string): Promise<ServerPlace> {
  const key = existsSync(root) ? realpathSync(root) : root;
  const held = places();
  const taking = held.get(key) ?? ServerPlace.take(key, () => held.delete(key));
  held.set(key, taking);
  const place = await taking;
  place.hold();
  return place;
}

/** Servers that start at the same moment overtake each other once or twice, and not for ever. */
const MAX_ATTEMPTS = 20;

/** See {@link holdPlace}. */
export class ServerPlace {
  readonly #onFree: () => void;
  readonly #addresses = new Map<object, ServerAddress>();
  readonly #onExit = (): void => this.#remove();
  #isFirst = true;
  #record: ServerRecord;
  #file: string | undefined;
  #holders = 0;
  #isTold = false;
  /** Who was there before. */
  #others: readonly ServerRecord[] = [];
  #failure: unknown;

  static async take(root: string, onFree: () => void): Promise<ServerPlace> {
    const place = new ServerPlace(root, onFree);
    await place.#take();
    process.on("exit", place.#onExit);
    return place;
  }

  private constructor(root: string, onFree: () => void) {
    this.#onFree = onFree;
    this.#record = { id: randomUUID(), pid: process.pid, root, startedAt: Date.now() };
  }

  get id(): string {
    return this.#record.id;
  }

  /** Whether what the project keeps on disk is this process's to write. It stays so for good. */
  get isFirst(): boolean {
    return this.#isFirst;
  }

  /** What users have to know, in one sentence and once; `undefined` where everything is as usual. */
  takeNews(): string | undefined {
    if (this.#isTold) return undefined;
    this.#isTold = true;
    const [first] = this.#others;
    if (first !== undefined) {
      const running = `Another server of this project runs ${whereabouts(this.#newest(first))}.`;
      return this.#isFirst
        ? `${running} It has a state of its own.`
        : `${running} This one runs on with a state of its own, which is not kept over restarts.`;
    }
    if (this.#failure === undefined) return undefined;
    return `orbiton status and orbiton settle cannot find this server: its address could not be written (${messageOf(this.#failure)}).`;
  }

  /** One more server of this process. */
  hold(): void {
    this.#holders++;
  }

  /** One server less. With the last one the place is free. */
  release(): void {
    if (--this.#holders > 0) return;
    process.off("exit", this.#onExit);
    this.#onFree();
    this.#remove();
  }

  /** A server of this process listens. */
  announce(server: object, address: ServerAddress): void {
    this.#addresses.set(server, address);
    this.#write(() => void this.#occupy());
  }

  /** It listens no longer: an address that does not answer would make this process look dead. */
  withdraw(server: object): void {
    if (this.#addresses.delete(server)) this.#write(() => undefined);
  }

  async #take(): Promise<void> {
    try {
      const root = realpathSync(this.#record.root);
      this.#others = (await findLivingServers(root)).map(({ record }) => record);
      this.#isFirst = this.#occupy() === 1;
    } catch (error) {
      // A disk that nobody may write to: the server serves, and can only not be found.
      this.#failure = error;
    }
  }

  /** @returns The number of the first place that was free. */
  #occupy(): number {
    const { root } = this.#record;
    for (let attempt = 1; ; attempt++) {
      const taken = new Set(listServerFiles(root).map(({ place }) => place));
      let place = 1;
      while (taken.has(place)) place++;
      this.#setFile(createServerFile(root, place, this.#record));
      if (this.#file !== undefined) return place;
      if (attempt === MAX_ATTEMPTS)
        throw new Error(`could not claim server slot ${place}: its file can neither be read nor written`);
    }
  }

  /** @param onLost The file is not ours any more: an installation has deleted the folder, and another server may have come. */
  #write(onLost: () => void): void {
    this.#record = { ...this.#record, address: [...this.#addresses.values()].at(-1) };
    if (this.#failure !== undefined) return;
    try {
      if (this.#file === undefined || !isOwnFile(this.#file, this.id)) onLost();
      else replaceServerFile(this.#file, this.#record);
    } catch (error) {
      this.#failure = error;
    }
  }

  #remove(): void {
    if (this.#file === undefined) return;
    removeServerFile(this.#file, this.id);
    this.#setFile(undefined);
  }

  #setFile(file: string | undefined): void {
    if (this.#file !== undefined) ownServerFiles().delete(this.#file);
    this.#file = file;
    if (file !== undefined) ownServerFiles().set(file, this.id);
  }

  /** It may have begun to listen only after we had seen it. */
  #newest(other: ServerRecord): ServerRecord {
    const found = listServerFiles(this.#record.root).find(({ record }) => record?.id === other.id);
    return found?.record ?? other;
  }
}

function whereabouts({ address, pid }: ServerRecord): string {
  return address === undefined ? `in process ${pid}` : `at ${address.url} (process ${pid})`;
}
