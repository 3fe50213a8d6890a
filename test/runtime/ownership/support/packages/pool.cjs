const { EventEmitter } = require("node:events");

const say = (text) => globalThis.orbitLog?.push(text);
let opened = 0;

/** A client of a database, as packages write them. */
class Pool extends EventEmitter {
  constructor({ name = "db" } = {}) {
    super();
    this.id = `${name}${++opened}`;
    this.ended = false;
    say(`open ${name}`);
    this.ping = setTimeout(() => this.pingAgain(), 1);
  }
  /** Every ping sets the next one. */
  pingAgain() {
    say("ping");
    this.ping = setTimeout(() => this.pingAgain(), 1);
  }
  connect() {
    if (this.isConnected) throw new Error("already connected");
    this.isConnected = true;
  }
  end() {
    if (this.ended) return;
    this.ended = true;
    clearTimeout(this.ping);
    say("end");
  }
}

/** What closes the pool that it was given when it is closed itself. */
class Queries {
  constructor(pool, prefix) {
    Object.assign(this, { pool, prefix });
  }
  destroy() {
    this.pool.end();
  }
}

const createTable = (pool) => ({ pool, rows: () => [] });

module.exports = { Pool, Queries, createTable, connected: async (options) => new Pool(options) };
