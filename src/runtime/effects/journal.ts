/** Something that an evaluation has changed outside of its own module. */
export interface Effect<Owner> {
  /** Whose it is: that module has to be built anew where the effect cannot be taken back. */
  readonly owner?: Owner | undefined;
  /** Takes it back. Returns whether all is as it was before. */
  restore(): boolean;
}

/** Something outside of an evaluation that it may change. */
export interface Watched<Owner> {
  /** Looks at it. Returns what finds out what has changed since. */
  look(): () => Iterable<Effect<Owner>>;
  /** There is no time to look at it any more. Absent where that is always cheap. */
  giveUp?(): void;
}

/**
 * What the evaluations of one transaction have changed outside of their modules: objects and variables of others, kept
 * values, globals, `hot.data`, drafts of explicit state. It is an undo log: as long as nothing is live, all of it can be
 * taken back, last change first. What is written to disk or sent to others stays.
 */
export class Journal<Owner> {
  /** Whose changes could not be taken back, by owner: frozen objects, `#private` fields. Each with the module that did it. */
  readonly notRestored: Map<Owner, Owner> = new Map();
  readonly #entries: { readonly by: Owner; readonly effect: Effect<Owner> }[] = [];
  #state: "open" | "settled" | "undone" = "open";

  note(by: Owner, effect: Effect<Owner>): void {
    if (this.#state === "open") this.#entries.push({ by, effect });
    // Promise chains of an evaluation that came to nothing may run on.
    if (this.#state === "undone") this.#restore(by, effect);
  }

  /** All of it is live, and stays. */
  settle(): void {
    this.#state = "settled";
    this.#entries.length = 0;
  }

  /** Nothing becomes live, or one of the evaluations has failed while the others go on: take everything back. */
  undo(only?: Owner): void {
    if (only === undefined) this.#state = "undone";
    for (const entry of this.#entries.splice(0).toReversed()) {
      if (only === undefined || entry.by === only) this.#restore(entry.by, entry.effect);
      else this.#entries.unshift(entry);
    }
  }

  #restore(by: Owner, effect: Effect<Owner>): void {
    if (!effect.restore() && effect.owner !== undefined) this.notRestored.set(effect.owner, by);
  }
}

/** How long one evaluation may be looked at each time that it goes on. */
const LATE_BUDGET_MS = 100;

/** Looks at what an evaluation may change whenever it gets its turn, and again when it gives it up. */
export class Watch<Owner> {
  readonly #by: Owner;
  readonly #journal: Journal<Owner>;
  readonly #watched = new Set<Watched<Owner>>();
  readonly #looks = new Map<Watched<Owner>, () => Iterable<Effect<Owner>>>();
  #lateMs = 0;

  constructor(by: Owner, journal: Journal<Owner>) {
    this.#by = by;
    this.#journal = journal;
  }

  /** From now on. */
  add(watched: Watched<Owner>): void {
    this.#watched.add(watched);
    this.#looks.set(watched, watched.look());
  }

  /** The evaluation goes on: what others did meanwhile is not its doing. */
  resumed(): void {
    const start = performance.now();
    const isTooLate = this.#lateMs > LATE_BUDGET_MS;
    for (const watched of this.#watched) {
      if (isTooLate && watched.giveUp !== undefined) watched.giveUp();
      else if (!this.#looks.has(watched)) this.#looks.set(watched, watched.look());
    }
    this.#lateMs += performance.now() - start;
  }

  /** It has had its last turn. */
  end(): void {
    this.#watched.clear();
    this.#looks.clear();
  }

  /** Other code gets its turn: what has changed up to now is this evaluation's doing. */
  paused(): void {
    for (const findEffects of this.#looks.values()) {
      for (const effect of findEffects()) this.#journal.note(this.#by, effect);
    }
    this.#looks.clear();
  }
}
