import { limits } from "./chat-limits.js";

/** What this page knows of one room. */
export class Room {
  name;
  /** Socket id → name of the others here. */
  people = new Map();
  /** Messages and notices, oldest first. */
  log = [];
  unread = 0;
  /** Socket id → {name, timer} of those who are writing. */
  typists = new Map();
  /** Names seen before the connection was lost: their return is no news. */
  #former = new Set();
  #seen = new Set();
  /** {timer, ended} while the others are expected back. */
  #waiting;

  constructor(name) {
    this.name = name;
  }

  /** Adds an entry; returns false when the message is here already. */
  append(entry) {
    if (entry.key !== undefined) {
      if (this.#seen.has(entry.key)) return false;
      this.#seen.add(entry.key);
      if (this.#seen.size > limits.seen) this.#seen.delete(this.#seen.values().next().value);
    }
    this.log.push(entry);
    if (this.log.length > limits.log) this.log.shift();
    return true;
  }

  /** Notes a person; returns whether there was room for one. */
  add(id, name) {
    if (!this.people.has(id) && this.people.size >= limits.peoplePerRoom) return false;
    this.people.set(id, name);
    return true;
  }

  hasNamed(name) {
    return [...this.people.values()].includes(name);
  }

  /** Whether a person of that name was here before the connection was lost; asked once per name. */
  isReturning(name) {
    const returns = this.#former.delete(name);
    if (this.#former.size === 0) this.#endWaiting();
    return returns;
  }

  /** Calls when all who were here before the loss are back, or after so many milliseconds. */
  awaitReturns(milliseconds, ended) {
    clearTimeout(this.#waiting?.timer);
    this.#waiting = { timer: setTimeout(() => this.#endWaiting(), milliseconds), ended };
    if (this.#former.size === 0) this.#endWaiting();
  }

  get isAwaitingReturns() {
    return this.#waiting !== undefined;
  }

  #endWaiting() {
    const waiting = this.#waiting;
    if (!waiting) return;
    this.#waiting = undefined;
    clearTimeout(waiting.timer);
    waiting.ended();
  }

  /** The connection is gone, and with it all ids. */
  forgetPeople() {
    if (this.people.size > 0) this.#former = new Set(this.people.values());
    this.people.clear();
    clearTimeout(this.#waiting?.timer);
    this.#waiting = undefined;
    this.clearTypists();
  }

  setTypist(id, name, milliseconds, ended) {
    this.clearTypist(id);
    if (this.typists.size > limits.typists) return;
    const timer = setTimeout(() => {
      this.typists.delete(id);
      ended();
    }, milliseconds);
    this.typists.set(id, { name, timer });
  }

  clearTypist(id) {
    clearTimeout(this.typists.get(id)?.timer);
    this.typists.delete(id);
  }

  clearTypists() {
    for (const id of [...this.typists.keys()]) this.clearTypist(id);
  }
}
