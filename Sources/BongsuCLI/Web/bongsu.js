/**
 * A Socket.IO 5 client in plain ES modules, without dependencies.
 *
 *     import { connect } from "/bongsu.js";
 *     const socket = connect();
 *     socket.on("connect", () => socket.emit("join", "lobby"));
 *     socket.on("chat", (text) => console.log(text));
 *     const answer = await socket.timeout(5000).emitWithAck("relay", { to: "lobby" }, "chat", "hello");
 */
import { Socket } from "./bongsu-socket.js";

export { Socket };

/**
 * @typedef {object} ConnectOptions
 * @property {string} [path="/socket.io/"] where the server listens
 * @property {string} [namespace] by default the URL's path
 * @property {object | ((send: (auth: object) => void) => void)} [auth] sent with each connection
 * @property {Record<string, string>} [query] added to the query of every request
 * @property {("polling" | "websocket")[]} [transports=["polling", "websocket"]] The first one connects;
 *   when that is polling and websocket is there too, the connection moves to a WebSocket if it can
 * @property {boolean} [upgrade=true] whether it may move so
 * @property {boolean} [autoConnect=true] false: `socket.connect()` starts
 * @property {boolean} [reconnection=true] whether to come back after a loss
 * @property {number} [reconnectionAttempts=Infinity]
 * @property {number} [reconnectionDelay=1000] milliseconds before the first attempt, then doubled …
 * @property {number} [reconnectionDelayMax=5000] … up to this
 * @property {number} [randomizationFactor=0.5] spread of the delay, 0 to 1
 * @property {number} [timeout=20000] milliseconds for an attempt to connect
 * @property {number} [ackTimeout] milliseconds an answer may take; as `socket.timeout` on every emit
 */
const defaults = {
  path: "/socket.io/",
  transports: ["polling", "websocket"],
  upgrade: true,
  autoConnect: true,
  reconnection: true,
  reconnectionAttempts: Infinity,
  reconnectionDelay: 1000,
  reconnectionDelayMax: 5000,
  randomizationFactor: 0.5,
  timeout: 20_000,
};

/**
 * Connects to a namespace of a server; each call makes a connection of its own.
 * @param {string | URL} [url] by default the page's origin
 * @param {ConnectOptions} [options]
 * @returns {Socket}
 * Throws a TypeError when the URL or a transport makes no sense.
 */
export function connect(url = location.origin, options = {}) {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const address = new URL(url, globalThis.location?.href);
  const settings = { ...defaults, namespace: address.pathname, ...given, url: endpoint(address, options) };
  const known = settings.transports.every((name) => ["polling", "websocket"].includes(name));
  if (!known || settings.transports.length === 0) throw new TypeError("transports: polling, websocket or both");
  if (!settings.namespace.startsWith("/")) settings.namespace = "/" + settings.namespace;
  const socket = new Socket(settings);
  return settings.autoConnect ? socket.connect() : socket;
}

/** The URL of the Engine.IO endpoint over HTTP, the caller's query included. */
function endpoint(address, { path = defaults.path, query = {} }) {
  const url = new URL(path.replace(/\/*$/, "/"), address);
  url.protocol = url.protocol.replace(/^ws/, "http");
  url.search = address.search;
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return url;
}
