import http from "node:http";

/** A client that keeps its connections, for one server on this machine. */
export function createClient(origin, connections = 1) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: connections });
  const { hostname, port } = new URL(origin);
  /** Resolves with nothing when the server has closed the connection that was kept. */
  const ask = (path, headers) =>
    new Promise((resolve, reject) => {
      const request = http.get({ hostname, port, path, agent, headers }, (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (chunk) => (text += chunk));
        response.on("end", () => resolve({ status: response.statusCode, text }));
      });
      request.on("error", (error) => {
        if (request.reusedSocket && error.code === "ECONNRESET") resolve(undefined);
        else reject(error);
      });
    });
  const get = async (path, headers = {}) => {
    for (;;) {
      // A server closes what was silent for a while, and may do so just when the next request is on its way.
      const answer = await ask(path, headers);
      if (answer !== undefined) return answer;
    }
  };
  return { get, close: () => agent.destroy() };
}
