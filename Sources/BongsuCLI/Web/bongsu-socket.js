import { Connection } from "./bongsu-connection.js";
import { Emitter, callSafely } from "./bongsu-emitter.js";
import { PacketType, encodePacket, reservedEvents } from "./bongsu-packet.js";

/** Told by this client itself; what a server sends under these names reaches `onAny` only. */
const localEvents = new Set(["reconnect_attempt", "reconnect_failed", "transport_change"]);

/**
 * A client of one Socket.IO namespace.
 *
 * Besides the server's events it tells
 * - `connect` – also after each reconnection; `id` is a new one then
 * - `connect_error(error)` – an attempt failed. When `active`, another one follows by itself
 * - `disconnect(reason, error?)` – when `active`, a reconnection follows by itself
 * - `reconnect_attempt(attempt)`, `reconnect_failed`
 * - `transport_change(name)` – after opening, and after the upgrade
 */
export class Socket {
  #namespace;
  #auth;
  #ackTimeout;
  #connection;
  #events = new Emitter();
  #anyListeners = [];
  #id;
  #connected = false;
  #active = false;
  /** Events emitted while not connected: {id, messages}. */
  #outbox = [];
  #acks = new Map();
  #nextAck = 0;
  #joining;

  /** Use `connect` of bongsu.js. */
  constructor(options) {
    this.#namespace = options.namespace;
    this.#auth = options.auth;
    this.#ackTimeout = options.ackTimeout;
    this.#connection = new Connection(options, {
      opened: () => this.#join(),
      received: (packet) => this.#receive(packet),
      transportChanged: (name) => this.#events.notify("transport_change", name),
      closed: (reason, error) => this.#leave(reason, error),
      failed: (error) => this.#events.notify("connect_error", error),
      retrying: (attempt) => this.#events.notify("reconnect_attempt", attempt),
      gaveUp: () => {
        this.#active = false;
        this.#events.notify("reconnect_failed");
      },
    });
  }

  /** The id by which the server and others know this socket; undefined while not connected. */
  get id() {
    return this.#id;
  }

  get connected() {
    return this.#connected;
  }

  /** Whether the socket is connected or trying to be. */
  get active() {
    return this.#active;
  }

  /** "polling" or "websocket"; undefined while there is no connection. */
  get transport() {
    return this.#connection.transport;
  }

  /** Connects, unless it is at it already. */
  connect() {
    this.#active = true;
    this.#connection.open();
    return this;
  }

  /** Leaves for good: no reconnection until `connect` is called. */
  disconnect() {
    if (this.#connected) this.#connection.send({ type: PacketType.disconnect, namespace: this.#namespace });
    this.#withdraw();
    this.#leave("io client disconnect");
    return this;
  }

  on(event, listener) {
    this.#events.on(event, listener);
    return this;
  }

  once(event, listener) {
    this.#events.once(event, listener);
    return this;
  }

  /** Without a listener: all of the event. Without an event: all there are. */
  off(event, listener) {
    this.#events.off(event, listener);
    return this;
  }

  /** Calls `listener(event, ...args)` for each event from the server, before its own listeners. */
  onAny(listener) {
    this.#anyListeners = [...this.#anyListeners, listener];
    return this;
  }

  offAny(listener) {
    this.#anyListeners = listener ? this.#anyListeners.filter((other) => other !== listener) : [];
    return this;
  }

  /**
   * Sends an event. Arguments are what JSON can say, and ArrayBuffers and views of them anywhere in
   * it. A function at the end is called with the server's answer. While not connected, events wait.
   */
  emit(event, ...args) {
    this.#send({ timeout: this.#ackTimeout }, event, args);
    return this;
  }

  /** Sends an event; resolves to the answer's first argument, rejects on a disconnection or timeout. */
  emitWithAck(event, ...args) {
    return new Sending({ timeout: this.#ackTimeout }, this.#sender).emitWithAck(event, ...args);
  }

  /**
   * For one emit: an answer is due within so many milliseconds. A callback gets an error or null as
   * its first argument.
   * @returns {Sending}
   */
  timeout(milliseconds) {
    return new Sending({ timeout: milliseconds }, this.#sender);
  }

  /**
   * For one emit: the event is dropped when it cannot leave right now.
   * @returns {Sending}
   */
  get volatile() {
    return new Sending({ timeout: this.#ackTimeout, volatile: true }, this.#sender);
  }

  #sender = (flags, event, args) => this.#send(flags, event, args);

  #send(flags, event, args) {
    if (reservedEvents.has(event)) throw new Error(`"${event}" is an event of the protocol itself`);
    const callback = typeof args.at(-1) === "function" ? args.at(-1) : undefined;
    const data = [event, ...(callback ? args.slice(0, -1) : args)];
    const id = callback ? this.#nextAck : undefined;
    // Encoded first: when the arguments cannot be sent, nothing has happened yet.
    const messages = encodePacket({ type: PacketType.event, namespace: this.#namespace, id, data });
    if (callback) this.#expectAck(callback, flags);
    if (flags.volatile && !(this.#connected && this.#connection.idle)) return;
    if (this.#connected) this.#connection.sendEncoded(messages);
    else this.#outbox.push({ id, messages });
  }

  #expectAck(callback, { timeout, wantsError }) {
    const id = this.#nextAck;
    this.#nextAck += 1;
    const ack = { callback, timer: undefined, takesError: wantsError || timeout !== undefined };
    if (timeout !== undefined) ack.timer = setTimeout(() => this.#expireAck(id), timeout);
    this.#acks.set(id, ack);
  }

  #expireAck(id) {
    this.#outbox = this.#outbox.filter((entry) => entry.id !== id);
    this.#settleAck(id, new Error("no answer in time"), []);
  }

  #settleAck(id, error, args) {
    const ack = this.#acks.get(id);
    if (!ack) return;
    this.#acks.delete(id);
    clearTimeout(ack.timer);
    if (ack.takesError) callSafely(ack.callback, [error, ...args]);
    else if (!error) callSafely(ack.callback, args);
  }

  #join() {
    const joining = Symbol("one engine");
    this.#joining = joining;
    const send = (data) => {
      // `auth` may answer late or twice, and a second CONNECT on one connection is a protocol error.
      if (this.#joining !== joining) return;
      this.#joining = undefined;
      this.#connection.send({ type: PacketType.connect, namespace: this.#namespace, data });
    };
    if (typeof this.#auth === "function") callSafely(this.#auth, [send]);
    else send(this.#auth);
  }

  #receive(packet) {
    if (packet.namespace !== this.#namespace) return;
    switch (packet.type) {
      case PacketType.connect:
        return this.#welcome(packet.data);
      case PacketType.connectError:
        return this.#refuse(packet.data);
      case PacketType.disconnect:
        this.#withdraw();
        return this.#leave("io server disconnect");
      case PacketType.ack:
        return this.#settleAck(packet.id, null, packet.data);
      default:
        return this.#connected ? this.#deliver(packet) : undefined;
    }
  }

  #welcome(data) {
    if (typeof data?.sid !== "string") {
      this.#refuse({ message: "the server does not speak Socket.IO 5" });
      return;
    }
    this.#id = data.sid;
    this.#connected = true;
    this.#connection.confirm();
    for (const { messages } of this.#outbox.splice(0)) this.#connection.sendEncoded(messages);
    this.#events.notify("connect");
  }

  #refuse(data) {
    this.#withdraw();
    const error = new Error(typeof data === "string" ? data : String(data.message));
    error.data = data?.data;
    this.#events.notify("connect_error", error);
  }

  #deliver({ id, data }) {
    const [event, ...args] = data;
    for (const listener of this.#anyListeners) callSafely(listener, [event, ...args]);
    if (localEvents.has(event)) return;
    this.#events.notify(event, ...args, ...(id === undefined ? [] : [this.#answer(id)]));
  }

  /** The function that answers the server's question, once. */
  #answer(id) {
    let answered = false;
    return (...data) => {
      if (answered || !this.#connected) return;
      answered = true;
      this.#connection.send({ type: PacketType.ack, namespace: this.#namespace, id, data });
    };
  }

  #withdraw() {
    this.#active = false;
    this.#connection.close();
  }

  #leave(reason, error) {
    if (!this.#connected) return;
    this.#connected = false;
    this.#id = undefined;
    // No answer will come to what has been sent; what still waits can be answered later.
    const waiting = new Set(this.#outbox.map((entry) => entry.id));
    for (const id of [...this.#acks.keys()]) {
      if (!waiting.has(id)) this.#settleAck(id, new Error("disconnected before the answer"), []);
    }
    this.#events.notify("disconnect", reason, error);
  }
}

/** One emit to come, with its flags. */
export class Sending {
  #flags;
  #send;

  constructor(flags, send) {
    this.#flags = flags;
    this.#send = send;
  }

  timeout(milliseconds) {
    return new Sending({ ...this.#flags, timeout: milliseconds }, this.#send);
  }

  get volatile() {
    return new Sending({ ...this.#flags, volatile: true }, this.#send);
  }

  emit(event, ...args) {
    this.#send(this.#flags, event, args);
  }

  emitWithAck(event, ...args) {
    return new Promise((resolve, reject) => {
      const settle = (error, answer) => (error ? reject(error) : resolve(answer));
      this.#send({ ...this.#flags, wantsError: true }, event, [...args, settle]);
    });
  }
}
