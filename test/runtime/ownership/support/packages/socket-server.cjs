"use strict";

/* What a websocket server does, without the protocol: it upgrades connections of an HTTP server and keeps them. */
const { EventEmitter } = require("node:events");

class Client extends EventEmitter {
  constructor(socket) {
    super();
    this.socket = socket;
    socket.on("data", (data) => this.emit("message", String(data)));
    socket.on("error", () => undefined);
  }

  send(text) {
    this.socket.write(text);
  }

  close(code) {
    this.socket.end(`close ${code}`);
  }
}

exports.SocketServer = class SocketServer extends EventEmitter {
  constructor({ server }) {
    super();
    this.clients = new Set();
    this.server = server;
    this.onUpgrade = (request, socket) => {
      socket.write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: test\r\nConnection: Upgrade\r\n\r\n");
      const client = new Client(socket);
      this.clients.add(client);
      socket.on("close", () => this.clients.delete(client));
      this.emit("connection", client);
    };
    server.on("upgrade", this.onUpgrade);
  }

  close() {
    this.server.off("upgrade", this.onUpgrade);
  }
};
