import { Engine } from "./bongsu-engine.js";
import { PacketDecoder, encodePacket } from "./bongsu-packet.js";

/**
 * A connection that comes back: one engine after the other, with growing pauses in between.
 *
 * The delegate is told `opened()`, `received(packet)`, `transportChanged(name)`,
 * `closed(reason, error)`, `failed(error)` when an attempt to connect came to nothing,
 * `retrying(attempt)`, and `gaveUp()`.
 */
export class Connection {
  #options;
  #delegate;
  #engine;
  #decoder;
  #wanted = false;
  #attempts = 0;
  #retry;
  #networkListeners = { online: () => this.#retryNow(), offline: () => this.#networkLost() };

  constructor(options, delegate) {
    this.#options = options;
    this.#delegate = delegate;
  }

  get transport() {
    return this.#engine?.state === "open" ? this.#engine.transport.name : undefined;
  }

  get idle() {
    return this.#engine?.idle ?? false;
  }

  open() {
    if (this.#wanted) return;
    this.#wanted = true;
    this.#attempts = 0;
    for (const [event, listener] of Object.entries(this.#networkListeners)) {
      globalThis.addEventListener?.(event, listener);
    }
    this.#dial();
  }

  /** Ends the connection for good, after what has been sent; `closed` is not told. */
  close() {
    if (!this.#wanted) return;
    this.#wanted = false;
    clearTimeout(this.#retry);
    for (const [event, listener] of Object.entries(this.#networkListeners)) {
      globalThis.removeEventListener?.(event, listener);
    }
    const engine = this.#engine;
    this.#engine = undefined;
    engine?.close();
  }

  /** Says that the far end is well: the next pauses start from the smallest again. */
  confirm() {
    this.#attempts = 0;
  }

  sendEncoded(messages) {
    for (const message of messages) this.#engine?.send(message);
  }

  send(packet) {
    this.sendEncoded(encodePacket(packet));
  }

  #dial() {
    const decoder = new PacketDecoder();
    let opened = false;
    // Whatever an engine says after it has been replaced or given up is of no interest.
    const current = () => this.#engine === engine && this.#wanted;
    const timer = setTimeout(() => {
      if (!opened) engine.abort("timeout", new Error("timeout"));
    }, this.#options.timeout);
    const engine = new Engine(this.#options, {
      opened: () => {
        opened = true;
        clearTimeout(timer);
        if (!current()) return;
        this.#delegate.transportChanged(this.transport);
        this.#delegate.opened();
      },
      received: (message) => current() && this.#decode(decoder, message),
      upgraded: () => current() && this.#delegate.transportChanged(this.transport),
      closed: (reason, error) => {
        clearTimeout(timer);
        if (current()) this.#lost(opened, reason, error);
      },
    });
    this.#engine = engine;
  }

  #decode(decoder, message) {
    let packet;
    try {
      packet = decoder.push(message);
    } catch (error) {
      this.#engine.abort("parse error", error);
      return;
    }
    if (packet) this.#delegate.received(packet);
  }

  #lost(opened, reason, error) {
    this.#engine = undefined;
    if (opened) this.#delegate.closed(reason, error);
    else this.#delegate.failed(new Error(`cannot connect (${reason})`, { cause: error }));
    this.#scheduleRetry();
  }

  #scheduleRetry() {
    if (!this.#wanted || !this.#options.reconnection || this.#engine) return;
    if (this.#attempts >= this.#options.reconnectionAttempts) {
      this.close();
      this.#delegate.gaveUp();
      return;
    }
    this.#retry = setTimeout(() => this.#retryNow(), retryDelay(this.#attempts, this.#options));
  }

  #retryNow() {
    if (!this.#wanted || this.#engine || !this.#options.reconnection) return;
    clearTimeout(this.#retry);
    this.#attempts += 1;
    this.#delegate.retrying(this.#attempts);
    // The delegate may have called `close`.
    if (this.#wanted) this.#dial();
  }

  #networkLost() {
    // The loopback interface does not go away with the network.
    if (["localhost", "127.0.0.1", "[::1]"].includes(this.#options.url.hostname)) return;
    this.#engine?.abort("transport close", new Error("the device went offline"));
  }
}

/**
 * Milliseconds to wait before the next attempt: doubled each time up to the maximum, and spread at
 * random so that a restarted server is not met by everyone at once.
 */
export function retryDelay(attempts, options, random = Math.random) {
  const { reconnectionDelay, reconnectionDelayMax, randomizationFactor } = options;
  const base = Math.min(reconnectionDelay * 2 ** Math.min(attempts, 30), reconnectionDelayMax);
  const spread = base * randomizationFactor * (2 * random() - 1);
  return Math.min(Math.round(base + spread), reconnectionDelayMax);
}
