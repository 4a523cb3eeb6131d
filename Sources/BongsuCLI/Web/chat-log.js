import { limits } from "./chat-limits.js";
import { language, text } from "./chat-text.js";

const clock = new Intl.DateTimeFormat(language, { hour: "numeric", minute: "2-digit" });
const groupedWithin = 5 * 60_000;
const marks = { pending: "◌", sent: "✓", failed: "!" };

/** The messages of the room on display. Text of others only ever becomes textContent. */
export class ChatLog {
  #model;
  #scroller = document.querySelector("#log");
  #list = document.querySelector("#messages");
  #empty = document.querySelector("#empty");
  #newest = document.querySelector("#newest");
  #items = new WeakMap();
  #last;

  constructor(model) {
    this.#model = model;
    model.on("switched", () => this.#showAll());
    model.on("appended", (entry) => this.#append(entry));
    model.on("updated", (entry) => this.#update(entry));
    this.#newest.addEventListener("click", () => this.#scrollToEnd());
    this.#scroller.addEventListener("scroll", () => {
      if (this.#isAtEnd()) this.#newest.hidden = true;
    });
    // When the keyboard comes up or a drawer opens, the last message stays in sight.
    let wasAtEnd = true;
    this.#scroller.addEventListener("scroll", () => (wasAtEnd = this.#isAtEnd()));
    new ResizeObserver(() => wasAtEnd && this.#scrollToEnd()).observe(this.#scroller);
  }

  #showAll() {
    this.#last = undefined;
    const entries = this.#model.current?.log ?? [];
    this.#list.replaceChildren(...entries.map((entry) => this.#item(entry)));
    this.#empty.hidden = entries.length > 0;
    this.#scrollToEnd();
  }

  #append(entry) {
    const follow = this.#isAtEnd() || entry.mine;
    this.#empty.hidden = true;
    this.#list.append(this.#item(entry));
    while (this.#list.children.length > limits.log) this.#list.firstElementChild.remove();
    if (follow) this.#scrollToEnd();
    else if (entry.kind === "message") this.#newest.hidden = false;
  }

  #item(entry) {
    const item = document.createElement("li");
    item.dataset.kind = entry.kind;
    item.dataset.from = entry.guest ? "guest" : (entry.name ?? "");
    item.dataset.private = String(entry.private ?? false);
    if (entry.kind === "notice") {
      item.append(element("p", "notice", text(entry.note, entry.values)));
    } else {
      this.#fill(item, entry);
    }
    this.#last = entry;
    this.#items.set(entry, item);
    return item;
  }

  #fill(item, entry) {
    item.dataset.mine = String(entry.mine ?? false);
    item.classList.add(`hue-${hue(entry.guest ? "" : entry.name)}`);
    item.classList.toggle("follows", continues(this.#last, entry));
    const heading = element("p", "heading");
    const name = element("bdi", "author", entry.guest ? text("guest") : entry.name);
    heading.append(name);
    if (entry.guest) heading.append(element("span", "via", text("guestHint")));
    if (entry.private) heading.append(privateLabel(entry));
    const time = element("time", "time", clock.format(entry.time));
    time.dateTime = entry.time.toISOString();
    const body = element("p", "text", entry.text);
    body.dir = "auto";
    const foot = element("span", "foot");
    foot.append(time);
    if (entry.mine) foot.append(this.#mark(item, entry));
    const line = element("div", "line");
    line.append(body, foot);
    item.append(heading, line);
  }

  /** Tells how far one's own message has come; a failed one can be sent again. */
  #mark(item, entry) {
    item.dataset.state = entry.state;
    const again = entry.state === "failed" && !entry.private;
    const mark = element(again ? "button" : "span", "mark", again ? text("again") : marks[entry.state]);
    mark.title = text(entry.state);
    if (again) mark.addEventListener("click", () => this.#model.deliver(entry));
    else mark.setAttribute("aria-label", text(entry.state));
    if (!again) mark.setAttribute("role", "img");
    return mark;
  }

  #update(entry) {
    const item = this.#items.get(entry);
    if (entry.mine) item?.querySelector(".mark")?.replaceWith(this.#mark(item, entry));
  }

  #isAtEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroller;
    return scrollHeight - scrollTop - clientHeight < 60;
  }

  #scrollToEnd() {
    this.#scroller.scrollTop = this.#scroller.scrollHeight;
    this.#newest.hidden = true;
  }
}

export function element(tag, className, content = "") {
  const created = document.createElement(tag);
  created.className = className;
  created.textContent = content;
  return created;
}

/** One of eight colours, the same for a name wherever it is shown. */
export function hue(name) {
  let mixed = 0x811c9dc5; // FNV-1a
  for (const unit of name) mixed = Math.imul(mixed ^ unit.codePointAt(0), 0x01000193);
  return (mixed >>> 16) % 8;
}

/** Whether the message needs no name of its own, because the same person has just written. */
function continues(last, entry) {
  const same = ["kind", "from", "mine", "guest", "name", "private", "to"];
  return last !== undefined && same.every((key) => last[key] === entry[key]) && entry.time - last.time < groupedWithin;
}

function privateLabel({ mine, toName }) {
  const label = element("span", "private-label", mine ? text("privateTo", { name: toName }) : text("privateFrom"));
  const icon = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", "#icon-lock");
  icon.setAttribute("aria-hidden", "true");
  icon.append(use);
  label.prepend(icon);
  return label;
}
