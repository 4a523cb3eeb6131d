import { messageText } from "./chat-limits.js";
import { roomLabel, text } from "./chat-text.js";

const typingHintEvery = 2_500;

/** Where one writes: to the room, or privately to a person. */
export class Composer {
  #model;
  #form = document.querySelector("#composer");
  #field = document.querySelector("#message");
  #bar = document.querySelector("#private-bar");
  #barName = document.querySelector("#private-name");
  #typing = document.querySelector("#typing");
  /** What has been written and not sent, by addressee: a private draft must not end up in a room. */
  #drafts = new Map();
  #addressee = "";
  #hintedAt = 0;

  constructor(model) {
    this.#model = model;
    model.on("switched", () => this.#address());
    model.on("target", () => this.#address());
    model.on("typing", () => this.#showTyping());
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
    this.#field.addEventListener("input", () => this.#edited());
    this.#field.addEventListener("keydown", (event) => this.#key(event));
    document.querySelector("#end-private").addEventListener("click", () => {
      model.aim(undefined);
      this.focus();
    });
  }

  focus() {
    this.#field.focus();
  }

  #key(event) {
    // While an input method composes a syllable, Enter belongs to it (229: Safari says so too late).
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.#send();
    } else if (event.key === "Escape" && this.#model.target) {
      event.stopPropagation();
      this.#model.aim(undefined);
    }
  }

  #send() {
    const message = messageText(this.#field.value);
    this.focus();
    if (message === "" || !this.#model.send(message)) return;
    this.#field.value = "";
    this.#hintedAt = 0;
    this.#store();
    this.#fit();
  }

  #edited() {
    this.#fit();
    this.#store();
    const now = performance.now();
    if (this.#field.value.trim() === "" || (this.#hintedAt > 0 && now - this.#hintedAt < typingHintEvery)) return;
    this.#hintedAt = now;
    this.#model.hintTyping();
  }

  #address() {
    const { target, current } = this.#model;
    const addressee = target ? `to ${target.id}` : `in ${current?.name}`;
    if (addressee !== this.#addressee) {
      this.#addressee = addressee;
      this.#field.value = this.#drafts.get(addressee) ?? "";
      this.#hintedAt = 0;
    }
    this.#bar.hidden = !target;
    this.#form.dataset.private = String(Boolean(target));
    this.#bar.dataset.gone = String(target?.gone ?? false);
    if (target) this.#barName.textContent = text("privateBar", { name: target.name });
    this.#field.placeholder = target
      ? text("privatePlaceholder", { name: target.name })
      : text("messagePlaceholder", { room: roomLabel(current?.name ?? "") });
    this.#fit();
  }

  #store() {
    const { value } = this.#field;
    if (value === "") this.#drafts.delete(this.#addressee);
    else this.#drafts.set(this.#addressee, value);
  }

  /** As high as its text, up to a limit that the style sheet sets. */
  #fit() {
    this.#field.style.height = "auto";
    this.#field.style.height = `${this.#field.scrollHeight + 2}px`;
  }

  #showTyping() {
    const names = [...(this.#model.current?.typists.values() ?? [])].map(({ name }) => name);
    const [a, b] = names;
    const key = ["", "typing1", "typing2"][names.length] ?? "typingMany";
    this.#typing.textContent = key === "" ? "" : text(key, { a, b });
  }
}
