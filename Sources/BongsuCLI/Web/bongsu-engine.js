import { sizeInPayload } from "./bongsu-payload.js";
import { PollingTransport } from "./bongsu-polling.js";
import { WebSocketTransport } from "./bongsu-websocket.js";

const transportTypes = { polling: PollingTransport, websocket: WebSocketTransport };
const probeTimeout = 10_000;
const closeTimeout = 2_000;

/**
 * One Engine.IO 4 session, from handshake to close; a new connection takes a new engine.
 *
 * The delegate is told `opened()`, `received(message)`, `upgraded()` and, once, `closed(reason, error)`.
 */
export class Engine {
  /** "opening", "open", "closing" or "closed" */
  state = "opening";
  transport;
  #options;
  #delegate;
  #session;
  #outbox = [];
  #upgrading = false;
  #probe;
  #heartbeat;
  #deadline = Infinity;

  /** @param {{url: URL, transports: string[], upgrade: boolean}} options */
  constructor(options, delegate) {
    this.#options = options;
    this.#delegate = delegate;
    this.#adopt(this.#create(options.transports[0]));
    this.transport.open();
  }

  /** Whether a packet sent now would leave now: what volatile packets ask for. */
  get idle() {
    return this.state === "open" && !this.#upgrading && this.#outbox.length === 0 && this.transport.idle;
  }

  /** Sends a message: text, or bytes for a binary one. */
  send(message) {
    if (this.state !== "open") return;
    if (performance.now() > this.#deadline) {
      // Timers of a sleeping page come late; do not write into a connection that is long dead.
      this.abort("ping timeout");
      return;
    }
    this.#write(typeof message === "string" ? "4" + message : message);
  }

  /** Ends the session after what has been sent; `closed` is told at once. */
  close() {
    if (this.state !== "open") {
      this.abort("forced close");
      return;
    }
    this.#abandonProbe();
    this.state = "closing";
    clearTimeout(this.#heartbeat);
    this.#delegate.closed("forced close");
    setTimeout(() => this.#shutDown(), closeTimeout);
    // Over HTTP the server learns of the end by a packet, over WebSocket by the close frame.
    if (this.transport.name === "polling") this.#outbox.push("1");
    this.#flush();
    if (this.transport.name === "websocket") this.#shutDown();
  }

  /** Drops the session and everything unsent. */
  abort(reason, error) {
    const known = this.state === "closing" || this.state === "closed";
    this.#shutDown();
    if (!known) this.#delegate.closed(reason, error);
  }

  #shutDown() {
    this.#abandonProbe();
    this.state = "closed";
    clearTimeout(this.#heartbeat);
    this.#outbox = [];
    this.transport.close();
  }

  #create(name) {
    return new transportTypes[name]((transport) => {
      const url = new URL(this.#options.url);
      url.searchParams.set("EIO", "4");
      url.searchParams.set("transport", transport);
      if (this.#session) url.searchParams.set("sid", this.#session.sid);
      return url;
    });
  }

  #adopt(transport) {
    this.transport = transport;
    transport.listener = {
      packet: (packet) => this.#receive(packet),
      drain: () => this.#drained(),
      close: (reason, error) => this.abort(reason, error),
    };
  }

  #receive(packet) {
    if (this.state === "closing" || this.state === "closed") return;
    if (this.state === "opening") {
      this.#open(packet);
    } else if (typeof packet !== "string") {
      this.#delegate.received(packet);
    } else {
      this.#receiveText(packet[0], packet.slice(1));
    }
  }

  #receiveText(type, data) {
    switch (type) {
      case "1":
        return this.abort("transport close");
      case "2":
        this.#expectPing();
        return this.#write("3" + data);
      case "4":
        return this.#delegate.received(data);
      case "6":
        return undefined; // only there to end a GET
      default:
        return this.abort("parse error", new Error("unexpected Engine.IO packet"));
    }
  }

  #open(packet) {
    try {
      this.#session = parseHandshake(packet);
    } catch (error) {
      this.abort("parse error", error);
      return;
    }
    this.state = "open";
    this.#expectPing();
    this.#delegate.opened();
    const { transports, upgrade } = this.#options;
    const wanted = upgrade && this.transport.name === "polling" && transports.includes("websocket");
    if (this.state === "open" && wanted && this.#session.upgrades.includes("websocket")) this.#upgrade();
  }

  /** Engine.IO 4, Heartbeat: the server pings; it is gone when interval and timeout pass without one. */
  #expectPing() {
    const patience = this.#session.pingInterval + this.#session.pingTimeout;
    this.#deadline = performance.now() + patience;
    clearTimeout(this.#heartbeat);
    this.#heartbeat = setTimeout(() => this.abort("ping timeout"), patience);
  }

  #write(packet) {
    this.#outbox.push(packet);
    this.#flush();
  }

  #flush() {
    if (this.#upgrading || this.#outbox.length === 0 || !this.transport.writable) return;
    this.transport.write(this.#outbox.splice(0, this.#batchLength()));
  }

  #drained() {
    if (this.#outbox.length > 0) this.#flush();
    else if (this.state === "closing") this.#shutDown();
  }

  /** How many packets the next write may take: a POST beyond the server's limit would be refused. */
  #batchLength() {
    if (this.transport.name !== "polling") return this.#outbox.length;
    let size = 0;
    const beyond = this.#outbox.findIndex((packet) => {
      size += sizeInPayload(packet);
      return size - 1 > this.#session.maxPayload; // the last packet has no separator
    });
    return beyond < 0 ? this.#outbox.length : Math.max(beyond, 1);
  }

  /** Engine.IO 4, Upgrade: probe the WebSocket beside the running session, and move only if it answers. */
  #upgrade() {
    const probe = this.#create("websocket");
    const timer = setTimeout(() => this.#abandonProbe(), probeTimeout);
    this.#probe = { transport: probe, timer };
    probe.listener = {
      open: () => probe.write(["2probe"]),
      packet: (packet) => (packet === "3probe" ? this.#moveTo(probe) : this.#abandonProbe()),
      close: () => this.#abandonProbe(),
    };
    probe.open();
  }

  async #moveTo(probe) {
    if (this.#upgrading) return;
    const { transport } = this;
    this.#upgrading = true;
    await transport.pause();
    if (this.#probe?.transport !== probe) return;
    this.#forgetProbe();
    transport.close();
    this.#adopt(probe);
    probe.write(["5"]);
    this.#flush();
    this.#delegate.upgraded();
  }

  #abandonProbe() {
    if (!this.#probe) return;
    const { transport } = this.#probe;
    const paused = this.#upgrading;
    this.#forgetProbe();
    transport.close();
    if (!paused) return;
    this.transport.resume();
    this.#flush();
  }

  #forgetProbe() {
    clearTimeout(this.#probe.timer);
    this.#probe = undefined;
    this.#upgrading = false;
  }
}

function parseHandshake(packet) {
  if (typeof packet !== "string" || packet[0] !== "0") throw new Error("no Engine.IO handshake");
  const { sid, upgrades, pingInterval, pingTimeout, maxPayload } = JSON.parse(packet.slice(1));
  const milliseconds = (value) => Number.isFinite(value) && value > 0 && value < 2 ** 30;
  if (typeof sid !== "string" || !milliseconds(pingInterval) || !milliseconds(pingTimeout)) {
    throw new Error("malformed Engine.IO handshake");
  }
  return {
    sid,
    upgrades: Array.isArray(upgrades) ? upgrades : [],
    pingInterval,
    pingTimeout,
    maxPayload: maxPayload > 0 ? maxPayload : Infinity,
  };
}
