// Node's ws: /echo and /broadcast.
//
//   node ws.js PORT [CERTIFICATE KEY]
const fs = require("fs");
const http = require("http");
const https = require("https");
const { WebSocketServer } = require("ws");

const [port, certificate, key] = process.argv.slice(2);
const options = { noServer: true, perMessageDeflate: false, clientTracking: false, maxPayload: 16 << 20 };
const sockets = new WebSocketServer(options);
const all = new Set();

function echo(socket) {
  socket.on("message", (message, isBinary) => socket.send(message, { binary: isBinary }));
}

function broadcast(socket) {
  all.add(socket);
  socket.on("close", () => all.delete(socket));
  socket.on("message", (message, isBinary) => {
    for (const other of all) other.send(message, { binary: isBinary });
  });
}

const server = certificate
  ? https.createServer({ cert: fs.readFileSync(certificate), key: fs.readFileSync(key) })
  : http.createServer();
server.on("upgrade", (request, connection, head) => {
  const open = request.url === "/broadcast" ? broadcast : echo;
  sockets.handleUpgrade(request, connection, head, (socket) => {
    socket.on("error", () => socket.terminate());
    open(socket);
  });
});
server.listen({ port: Number(port), host: "127.0.0.1", backlog: 4096 });
