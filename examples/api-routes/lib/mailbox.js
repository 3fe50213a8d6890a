/** Stands in for what is expensive to open and has to be closed: a database, a mail server, a queue. */
export class Mailbox {
  #sent = 0;
  #openedAt = new Date();
  #keepAlive = setInterval(() => undefined, 10_000);

  send(text) {
    this.#sent += 1;
    return { text, sent: this.#sent, connectedSince: this.#openedAt.toISOString() };
  }

  close() {
    clearInterval(this.#keepAlive);
  }
}
