/**
 * Listeners by event name. A listener that throws does not stop the others, nor the transport that
 * delivered the event: its error is reported as uncaught.
 */
export class Emitter {
  #listeners = new Map();

  on(event, listener) {
    if (typeof listener !== "function") throw new TypeError("the listener must be a function");
    const entries = this.#listeners.get(event) ?? [];
    this.#listeners.set(event, [...entries, { listener, call: listener }]);
    return this;
  }

  once(event, listener) {
    const call = (...args) => {
      this.off(event, listener);
      listener(...args);
    };
    const entries = this.#listeners.get(event) ?? [];
    this.#listeners.set(event, [...entries, { listener, call }]);
    return this;
  }

  /** Without a listener: all of the event. Without an event: all there are. */
  off(event, listener) {
    if (event === undefined) {
      this.#listeners.clear();
    } else if (listener === undefined) {
      this.#listeners.delete(event);
    } else {
      const entries = this.#listeners.get(event) ?? [];
      const index = entries.findIndex((entry) => entry.listener === listener);
      // The arrays are replaced, never changed, so that a running `notify` is not disturbed.
      if (index >= 0) this.#listeners.set(event, entries.filter((_, i) => i !== index));
    }
    return this;
  }

  notify(event, ...args) {
    for (const { call } of this.#listeners.get(event) ?? []) callSafely(call, args);
  }
}

/** Calls; an error surfaces as uncaught on its own turn instead of unwinding the caller. */
export function callSafely(call, args) {
  try {
    call(...args);
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
