import { connect } from "./bongsu.js";
import { isSocketId, messageText, personName } from "./chat-limits.js";

const answerTimeout = 10_000;
const comeBackAfter = 2_000;

/**
 * The chat's words over the relay's. Nothing a peer sends goes further without having been checked.
 *
 * Between the pages: `hello {id, name, room}` on entering and renaming, answered by
 * `here {id, name, room}` to the newcomer; `chat {key, id, name, room, text}`;
 * `private {key, id, name, text}`; `typing {id, name, room?}`. The server adds `left(room, id)`, and
 * `message(text, room?)` from members that came by plain WebSocket.
 *
 * The delegate is told `stateChanged(state, transport)`, `entered(room)`, `refused(room, error)`,
 * `met(room, id, name)`, `greeted(room, id, name)`, `left(room, id)`, `heard(message)`,
 * `typing(room, id, name)`, and asked `knows(room, id)`.
 */
export class ChatRelay {
  #delegate;
  #socket;
  #name = "";
  #rooms = new Set();

  constructor(delegate) {
    this.#delegate = delegate;
  }

  get id() {
    return this.#socket?.id;
  }

  get connected() {
    return this.#socket?.connected ?? false;
  }

  /** Connects, or connects anew in another way. The rooms are entered again. */
  open(forcePolling) {
    this.#socket?.off();
    this.#socket?.disconnect();
    const transports = forcePolling ? ["polling"] : ["polling", "websocket"];
    const socket = connect(location.origin, { transports, reconnectionDelay: 500, timeout: 10_000 });
    this.#socket = socket;
    this.#watch(socket);
    this.#listen(socket);
    this.#delegate.stateChanged("connecting");
  }

  enter(room) {
    this.#rooms.add(room);
    if (this.connected) this.#join(room);
  }

  leave(room) {
    this.#rooms.delete(room);
    if (this.connected) this.#socket.emit("leave", room);
  }

  rename(name) {
    this.#name = name;
    if (!this.connected) return;
    for (const room of this.#rooms) this.#greet(room);
  }

  /**
   * Relays a message to a room, or to one socket when it is private.
   * @returns {Promise<"sent" | "failed" | "lost">} lost: the connection went before the answer came
   */
  async say({ key, room, to, text }) {
    if (!this.connected) return "lost";
    const event = to ? "private" : "chat";
    const body = { key, id: this.id, name: this.#name, text, ...(to ? {} : { room }) };
    try {
      const sending = this.#socket.timeout(answerTimeout);
      const answer = await sending.emitWithAck("relay", { to: to ?? room }, event, body);
      return answer?.ok === true ? "sent" : "failed";
    } catch {
      return this.connected ? "failed" : "lost";
    }
  }

  /** A hint that may get lost. */
  hintTyping({ room, to }) {
    if (!this.connected) return;
    const body = { id: this.id, name: this.#name, ...(to ? {} : { room }) };
    this.#socket.volatile.emit("relay", { to: to ?? room, volatile: true }, "typing", body);
  }

  #watch(socket) {
    const tell = (state) => this.#delegate.stateChanged(state, socket.transport);
    const comeBack = () => {
      // Refused or sent away, as by a server that shuts down: here, unlike in general, always return.
      if (!socket.active) setTimeout(() => this.#socket === socket && socket.connect(), comeBackAfter);
    };
    socket.on("connect", () => {
      tell("connected");
      for (const room of this.#rooms) this.#join(room);
    });
    socket.on("transport_change", () => socket.connected && tell("connected"));
    socket.on("reconnect_attempt", () => tell("connecting"));
    socket.on("disconnect", () => {
      tell("disconnected");
      comeBack();
    });
    socket.on("connect_error", () => {
      tell("disconnected");
      comeBack();
    });
  }

  #listen(socket) {
    this.#receive(socket, "hello", (body, person) => this.#hello(body.room, person));
    this.#receive(socket, "here", ({ room }, { id, name }) => {
      if (this.#rooms.has(room)) this.#delegate.met(room, id, name);
    });
    this.#receive(socket, "chat", ({ key, room, text }, { id, name }) => {
      if (this.#rooms.has(room)) this.#hear({ key, room, from: id, name, text });
    });
    this.#receive(socket, "private", ({ key, text }, { id, name }) => {
      this.#hear({ key, from: id, name, text, private: true });
    });
    this.#receive(socket, "typing", ({ room }, { id, name }) => {
      if (room === undefined || this.#rooms.has(room)) this.#delegate.typing(room, id, name);
    });
    socket.on("relay:left", (room, id) => {
      if (this.#rooms.has(room) && isSocketId(id)) this.#delegate.left(room, id);
    });
    socket.on("message", (text, room) => {
      this.#hear({ room: this.#rooms.has(room) ? room : undefined, text, guest: true });
    });
  }

  /** Listens to an event whose argument is an object that says who sent it. */
  #receive(socket, event, handle) {
    socket.on(event, (body) => {
      const name = personName(body?.name);
      if (!isSocketId(body?.id) || body.id === socket.id || name === "") return;
      handle(body, { id: body.id, name });
    });
  }

  #hello(room, { id, name }) {
    if (!this.#rooms.has(room)) return;
    if (!this.#delegate.knows(room, id)) {
      this.#socket.emit("relay", { to: id }, "here", { id: this.id, name: this.#name, room });
    }
    this.#delegate.greeted(room, id, name);
  }

  #hear(message) {
    const text = messageText(message.text);
    if (text === "") return;
    const key = typeof message.key === "string" && message.key.length <= 64 ? message.key : undefined;
    this.#delegate.heard({ ...message, key, text });
  }

  async #join(room) {
    const socket = this.#socket;
    let answer;
    try {
      answer = await socket.timeout(answerTimeout).emitWithAck("join", room, { presence: true });
    } catch {
      return; // disconnected: the room is entered with the next connection
    }
    if (socket !== this.#socket || !this.#rooms.has(room)) return;
    if (answer?.ok !== true) {
      this.#rooms.delete(room);
      this.#delegate.refused(room, String(answer?.error ?? ""));
      return;
    }
    this.#delegate.entered(room);
    this.#greet(room);
  }

  #greet(room) {
    this.#socket.emit("relay", { to: room }, "hello", { id: this.id, name: this.#name, room });
  }
}
