import { element, hue } from "./chat-log.js";
import { defaultRooms, roomLabel, text } from "./chat-text.js";

/** The list of rooms: those everyone is offered, then the others one has opened. */
export class RoomList {
  #model;
  #list = document.querySelector("#rooms");
  #elsewhere = document.querySelector("#elsewhere");

  constructor(model) {
    this.#model = model;
    model.on("rooms", () => this.#show());
    model.on("switched", () => this.#show());
  }

  #show() {
    const names = [...new Set([...defaultRooms, ...this.#model.rooms.keys()])];
    replaceKeepingFocus(this.#list, names.map((name) => this.#item(name)));
    const unread = [...this.#model.rooms.values()].some((room) => room.unread > 0);
    this.#elsewhere.hidden = !unread;
  }

  #item(name) {
    const room = this.#model.rooms.get(name);
    const item = element("li", room ? "joined" : "");
    item.dataset.room = name;
    // A link, as it can be copied and opened elsewhere; the page follows the address.
    const link = element("a", "room");
    link.href = "#" + encodeURIComponent(name);
    link.append(element("bdi", "room-label", roomLabel(name)));
    if (room && room === this.#model.current) link.setAttribute("aria-current", "page");
    if (room?.unread > 0) {
      const badge = element("span", "unread", room.unread > 99 ? "99+" : String(room.unread));
      badge.setAttribute("aria-label", text("unread", { count: room.unread }));
      link.append(badge);
    }
    item.append(link);
    if (room && this.#model.rooms.size > 1) item.append(this.#leaveButton(name));
    return item;
  }

  #leaveButton(name) {
    const button = element("button", "leave", "×");
    button.type = "button";
    button.setAttribute("aria-label", text("leaveRoom", { room: roomLabel(name) }));
    button.addEventListener("click", () => this.#model.leave(name));
    return button;
  }
}

/** Who is in the room on display; a click on a person begins a private message. */
export class PeopleList {
  #model;
  #chosen;
  #list = document.querySelector("#people");
  #count = document.querySelector("#people-count");
  #badge = document.querySelector("#people-badge");
  #alone = document.querySelector("#alone");

  /** @param {() => void} chosen called after a person has been chosen */
  constructor(model, chosen) {
    this.#model = model;
    this.#chosen = chosen;
    model.on("people", () => this.#show());
    model.on("target", () => this.#show());
  }

  #show() {
    const people = [...(this.#model.current?.people ?? [])];
    people.sort(([, a], [, b]) => a.localeCompare(b));
    replaceKeepingFocus(this.#list, [this.#self(), ...people.map(([id, name]) => this.#person(id, name))]);
    this.#count.textContent = this.#badge.textContent = String(people.length + 1);
    this.#alone.hidden = people.length > 0 || this.#model.state !== "connected";
  }

  #self() {
    const item = element("li", `self hue-${hue(this.#model.name)}`);
    item.dataset.id = this.#model.id ?? "";
    item.dataset.name = this.#model.name;
    const row = element("span", "person");
    row.append(...portrait(this.#model.name), element("span", "you", text("you")));
    item.append(row);
    return item;
  }

  #person(id, name) {
    const item = element("li", `hue-${hue(name)}`);
    item.dataset.id = id;
    item.dataset.name = name;
    const button = element("button", "person");
    button.type = "button";
    button.title = text("writePrivately", { name });
    button.setAttribute("aria-pressed", String(this.#model.target?.id === id));
    button.append(...portrait(name));
    button.addEventListener("click", () => {
      this.#model.aim({ id, name });
      this.#chosen();
    });
    item.append(button);
    return item;
  }
}

function portrait(name) {
  const initial = element("span", "portrait", [...name][0] ?? "");
  initial.setAttribute("aria-hidden", "true");
  return [initial, element("bdi", "person-name", name)];
}

/** Replaces the items of a list; whoever has come to one with the keyboard stays there. */
function replaceKeepingFocus(list, items) {
  const keyOf = (item) => item.dataset.room ?? item.dataset.id;
  const active = document.activeElement;
  const item = list.contains(active) ? active.closest("li") : undefined;
  list.replaceChildren(...items);
  if (!item) return;
  const successor = items.find((other) => keyOf(other) === keyOf(item));
  (successor?.querySelector(`.${active.classList[0]}`) ?? list.querySelector("a, button"))?.focus();
}
