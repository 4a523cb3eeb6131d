import { Emitter } from "./bongsu-emitter.js";
import { ChatRelay } from "./chat-relay.js";
import { limits } from "./chat-limits.js";
import { Room } from "./chat-room.js";

const typingShownFor = 4_000;
/** Longer than the pause between two attempts to connect: the others come back within that time. */
const returnsTakeAtMost = 7_000;
/** A page that is loaded again leaves and enters; within this time that is no news. */
const departureNoticeAfter = 4_000;

/**
 * The state of the chat page, without a page. Tells, when they have changed, `rooms`, `people`,
 * `typing`, `state` and `target`; `appended(entry)` and `updated(entry)` for the log on display,
 * and `switched` when that is another one.
 */
export class ChatModel extends Emitter {
  rooms = new Map();
  /** The room on display. */
  current;
  name = "";
  state = "connecting";
  transport;
  /** Whom the next message goes to privately: {id, name, gone}. */
  target;
  #relay = new ChatRelay(this);
  #departures = new Map();
  #wasLost = false;

  get id() {
    return this.#relay.id;
  }

  connect(forcePolling) {
    this.#forgetPeople();
    this.#relay.open(forcePolling);
    this.notify("people");
  }

  rename(name) {
    this.name = name;
    this.#relay.rename(name);
    this.notify("people");
  }

  /** Enters a room, if there may be one more; shows it unless told not to. */
  enter(name, { show = true } = {}) {
    let room = this.rooms.get(name);
    if (!room) {
      if (this.rooms.size >= limits.rooms) {
        this.#note("tooManyRooms");
        return;
      }
      room = new Room(name);
      this.rooms.set(name, room);
      this.#relay.enter(name);
    }
    if (show) this.#show(room);
    this.notify("rooms");
  }

  leave(name) {
    const room = this.rooms.get(name);
    if (!room) return;
    room.clearTypists();
    this.rooms.delete(name);
    this.#relay.leave(name);
    if (this.current === room) this.#show(this.rooms.values().next().value);
    this.notify("rooms");
  }

  /** Chooses whom the next message goes to; nobody: the room. */
  aim(target) {
    if (this.target === target) return;
    this.target = target;
    this.notify("target");
  }

  /** Sends to the target or the room; returns whether it did. */
  send(text) {
    const { target, current } = this;
    if (!current) return false;
    if (target?.gone) {
      this.#note("privateGone", { name: target.name });
      return false;
    }
    const entry = {
      key: randomKey(),
      kind: "message",
      mine: true,
      name: this.name,
      room: current.name,
      time: new Date(),
      state: "pending",
      text,
      ...(target ? { private: true, to: target.id, toName: target.name } : {}),
    };
    this.#append(current, entry);
    this.deliver(entry);
    return true;
  }

  /** Sends an entry, perhaps once more: whoever has it already knows its key. */
  async deliver(entry) {
    entry.state = "pending";
    this.notify("updated", entry);
    // Sent right after a restart of the server, it would miss those who are not back yet.
    if (!entry.private && this.rooms.get(entry.room)?.isAwaitingReturns) return;
    const outcome = await this.#relay.say(entry);
    // What is lost waits for the room to be entered again; a private message has no address any more.
    if (outcome !== "lost") entry.state = outcome;
    else if (entry.private) entry.state = "failed";
    this.notify("updated", entry);
  }

  hintTyping() {
    if (this.current) this.#relay.hintTyping({ room: this.current.name, to: this.target?.id });
  }

  // What the relay tells:

  stateChanged(state, transport) {
    const before = this.state;
    this.state = state;
    this.transport = transport;
    if (state === "disconnected" && before === "connected") this.#lose();
    if (state === "connected" && this.#wasLost) {
      this.#wasLost = false;
      this.#note("back");
    }
    this.notify("state");
    this.notify("people");
  }

  entered(name) {
    const room = this.rooms.get(name);
    room.awaitReturns(returnsTakeAtMost, () => {
      for (const entry of room.log) {
        if (entry.mine && !entry.private && entry.state === "pending") this.deliver(entry);
      }
    });
  }

  refused(name, error) {
    this.leave(name);
    this.#note("refused", { room: name, error: error.slice(0, 200) });
  }

  knows(name, id) {
    return this.rooms.get(name).people.has(id);
  }

  met(name, id, personName) {
    if (!this.rooms.get(name).add(id, personName)) return;
    this.rooms.get(name).isReturning(personName);
    this.notify("people");
  }

  greeted(name, id, personName) {
    const room = this.rooms.get(name);
    const before = room.people.get(id);
    const isKnown = room.isReturning(personName) || room.hasNamed(personName);
    if (!room.add(id, personName)) return;
    const wasLeaving = this.#cancelDeparture(name, personName);
    if (before !== undefined && before !== personName) {
      this.#note("renamed", { before, name: personName }, room);
    } else if (!isKnown && !wasLeaving) {
      this.#note("joined", { name: personName }, room);
    }
    if (this.target?.id === id) this.aim({ id, name: personName });
    this.notify("people");
  }

  left(name, id) {
    const room = this.rooms.get(name);
    const personName = room.people.get(id);
    if (personName === undefined) return;
    room.people.delete(id);
    room.clearTypist(id);
    this.#announceDeparture(room, personName);
    if (this.target?.id === id && !this.#isAnywhere(id)) this.#missTarget();
    this.notify("people");
    this.notify("typing");
  }

  heard(message) {
    const room = this.rooms.get(message.room) ?? this.current;
    if (!room) return;
    room.clearTypist(message.from);
    this.#append(room, { ...message, kind: "message", time: new Date() });
    this.notify("typing");
  }

  typing(name, id, personName) {
    const room = this.rooms.get(name) ?? this.current;
    room?.setTypist(id, personName, typingShownFor, () => this.notify("typing"));
    this.notify("typing");
  }

  #show(room) {
    this.current = room;
    if (room) room.unread = 0;
    this.aim(undefined);
    this.notify("switched");
    this.notify("people");
    this.notify("typing");
  }

  #append(room, entry) {
    if (!room.append(entry)) return;
    if (room === this.current) this.notify("appended", entry);
    else if (entry.kind === "message") room.unread += 1;
    this.notify("rooms");
  }

  #note(key, values = {}, room = this.current) {
    if (room) this.#append(room, { kind: "notice", note: key, values, time: new Date() });
  }

  #lose() {
    this.#wasLost = true;
    this.#note("lost");
    this.#forgetPeople();
    this.notify("typing");
  }

  /** With the connection all ids end, one's own and those of the others. */
  #forgetPeople() {
    for (const timer of this.#departures.values()) clearTimeout(timer);
    this.#departures.clear();
    for (const room of this.rooms.values()) room.forgetPeople();
    this.#missTarget();
  }

  /** The target stays chosen, so that what was meant for one does not go to all. */
  #missTarget() {
    if (this.target) this.aim({ ...this.target, gone: true });
  }

  #isAnywhere(id) {
    return [...this.rooms.values()].some((room) => room.people.has(id));
  }

  #announceDeparture(room, name) {
    const key = JSON.stringify([room.name, name]);
    clearTimeout(this.#departures.get(key));
    const announce = () => {
      this.#departures.delete(key);
      // A page loaded again may be greeted before its former connection is found to be dead.
      if (this.rooms.get(room.name) === room && !room.hasNamed(name)) this.#note("left", { name }, room);
    };
    this.#departures.set(key, setTimeout(announce, departureNoticeAfter));
  }

  #cancelDeparture(roomName, name) {
    const key = JSON.stringify([roomName, name]);
    clearTimeout(this.#departures.get(key));
    return this.#departures.delete(key);
  }
}

/** 128 random bits; `crypto.randomUUID` is missing on plain-HTTP pages. */
function randomKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
