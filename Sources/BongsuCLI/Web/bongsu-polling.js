import { decodePayload, encodePayload } from "./bongsu-payload.js";

/**
 * Engine.IO 4 over HTTP: one GET waits for packets, one POST at a time carries ours.
 *
 * A transport tells its `listener` `packet(packet)`, `drain()` and, once, `close(reason, error)`.
 */
export class PollingTransport {
  name = "polling";
  listener = {};
  #address;
  #abort = new AbortController();
  #polling = false;
  #posting = false;
  #pauseEnded;

  /** @param {(transport: string) => URL} address where to go; asked anew for every request. */
  constructor(address) {
    this.#address = address;
  }

  get writable() {
    return !this.#posting && !this.#abort.signal.aborted;
  }

  /** Whether nothing written before is still on its way. */
  get idle() {
    return this.writable;
  }

  open() {
    this.#poll();
  }

  /** Lets the requests under way end and starts no further GET. Resolves when all is quiet. */
  pause() {
    return new Promise((resolve) => {
      this.#pauseEnded = resolve;
      this.#settlePause();
    });
  }

  resume() {
    this.#pauseEnded = undefined;
    this.#poll();
  }

  /** Sends the packets as one payload; `drain` follows. Only while `writable`. */
  async write(packets) {
    this.#posting = true;
    try {
      await this.#request({ method: "POST", body: encodePayload(packets) });
    } catch (error) {
      this.#fail("transport error", error);
      return;
    }
    this.#posting = false;
    this.#settlePause();
    this.listener.drain?.();
  }

  /** Stops at once; what is under way is aborted and nothing is reported any more. */
  close() {
    this.listener = {};
    this.#abort.abort();
  }

  async #poll() {
    if (this.#polling) return;
    this.#polling = true;
    try {
      while (!this.#pauseEnded && !this.#abort.signal.aborted) this.#receive(await this.#request({ method: "GET" }));
    } catch (error) {
      this.#fail("transport error", error);
    }
    this.#polling = false;
    this.#settlePause();
  }

  #receive(text) {
    let packets;
    try {
      packets = decodePayload(text);
    } catch (error) {
      this.#fail("parse error", error);
      return;
    }
    for (const packet of packets) this.listener.packet?.(packet);
  }

  async #request(request) {
    // A body of text makes this a "simple" request, which needs no CORS preflight.
    const options = { ...request, cache: "no-store", signal: this.#abort.signal };
    const response = await fetch(this.#address("polling"), options);
    const text = await response.text();
    if (!response.ok) throw new Error(`the server answered ${response.status}`);
    return text;
  }

  #settlePause() {
    if (!this.#polling && !this.#posting) this.#pauseEnded?.();
  }

  #fail(reason, error) {
    if (this.#abort.signal.aborted) return;
    const { listener } = this;
    this.close();
    listener.close?.(reason, error);
  }
}
