import type { Generation } from "../model/generation.ts";
import type { CloseReason } from "../model/hot-handlers.ts";

/** What kinds of open things a generation can own. */
export type ResourceKind =
  | "timer"
  | "listener"
  | "server"
  | "socket"
  | "watcher"
  | "worker"
  | "child"
  | "client";

/** Something open that belongs to a generation. */
export interface OwnedResource {
  readonly kind: ResourceKind;
  /** When it was opened; epoch ms. */
  readonly since: number;
  /** The object that programs hold: whoever still holds it keeps it open. */
  readonly subject: object | undefined;
  /** It is a part of something else of the same generation, and nothing to speak of by itself. @default false */
  readonly isPart?: boolean;
  /** Things that ended by themselves are forgotten without a word. */
  isOpen(): boolean;
  /** What has to be done before anything of its generation is closed. */
  prepare?(closing: Closing): void;
  /** Close it gently, or leave it as it is because nothing follows it. */
  close(closing: Closing): void | "left" | Promise<void | "handed-over">;
  /** Close it at once: what is done when the deadline has passed. */
  force?(): void;
}

/** Why and how something is closed. */
export interface Closing {
  /** When patience ends. */
  readonly deadlineMs: number;
  /** `replaced`: a new generation of the module has taken over, or may still. `closing`: nobody is left to hear. */
  readonly reason: CloseReason;
}

/** What became of one resource. */
export type ClosedResource = {
  readonly kind: ResourceKind;
  readonly module: string;
} & (
  | { readonly status: "closed" | "handed-over" }
  /** It could not be closed, or not in time. */
  | { readonly status: "failed"; readonly error: unknown }
);

/** What was opened while one value was made: it follows the value. */
export interface ResourceScope {
  readonly resources: Set<OwnedResource>;
  /** Who has the value now, and with it what is opened for it later: a client that connects again. */
  owned: OwnedResources | undefined;
}

/** Below this many, ended resources are not worth looking for. */
const FIRST_SWEEP = 64;

/** Everything that one generation owns, in the order of opening. */
export class OwnedResources {
  readonly generation: Generation;
  /** Whose code opens things for it: its own script, and those of generations that it carries on. */
  readonly scripts: Set<string> = new Set();
  readonly #resources = new Set<OwnedResource>();
  #sweepAt = FIRST_SWEEP;

  constructor(generation: Generation) {
    this.generation = generation;
  }

  /** What is still open. */
  get open(): readonly OwnedResource[] {
    this.#sweep();
    return [...this.#resources];
  }

  add(resource: OwnedResource): void {
    this.#resources.add(resource);
    // A module may set and clear timers all day long: sweeping at twice the size keeps that cheap.
    if (this.#resources.size >= this.#sweepAt) this.#sweep();
  }

  /** Returns whether it was there. */
  remove(resource: OwnedResource): boolean {
    return this.#resources.delete(resource);
  }

  #sweep(): void {
    for (const resource of this.#resources) if (!resource.isOpen()) this.#resources.delete(resource);
    this.#sweepAt = Math.max(FIRST_SWEEP, this.#resources.size * 2);
  }
}
