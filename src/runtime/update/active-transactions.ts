import type { ModuleRecord } from "../model/module-record.ts";
import type { Transaction } from "../evaluate/transaction.ts";

/** How long an evaluation that is under way may go on when everything closes. */
const END_MS = 1_000;

/** The transactions that evaluate something, which may wait at top level. */
export class ActiveTransactions {
  readonly #active = new Map<Transaction, Promise<void>>();

  async during<T>(transaction: Transaction, body: () => Promise<T>): Promise<T> {
    const running = body();
    this.#active.set(transaction, running.then(ignore, ignore));
    try {
      return await running;
    } finally {
      this.#active.delete(transaction);
    }
  }

  /** Resolves when the transaction is done that evaluates something of these. */
  findBusy(modules: Iterable<ModuleRecord>): Promise<void> | undefined {
    if (this.#active.size === 0) return undefined;
    const wanted = new Set(modules);
    for (const [transaction, done] of this.#active) {
      for (const module of transaction.pending.keys()) if (wanted.has(module)) return done;
    }
    return undefined;
  }

  /** Let them end by themselves, for a while. Returns those that have not. */
  async end(): Promise<readonly Transaction[]> {
    let patience: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      patience = setTimeout(resolve, END_MS);
    });
    await Promise.race([Promise.all(this.#active.values()), late]);
    clearTimeout(patience);
    return [...this.#active.keys()];
  }
}

function ignore(): void {}
