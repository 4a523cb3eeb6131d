/** Every limit of the chat page. Lengths are in characters (code points). */
export const limits = Object.freeze({
  name: 24,
  room: 40,
  message: 2000,
  /** Messages kept per room, and so at most in the page. */
  log: 200,
  /** Ids of messages remembered per room, to recognise one that is sent again. */
  seen: 500,
  rooms: 30,
  peoplePerRoom: 300,
  typists: 3,
});

// Controls, and the marks that can turn the direction of the text around a name.
const unwanted = /[\p{Cc}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

function clip(text, length) {
  // A code point takes at most two units: cut roughly first, so that no one's megabytes are walked.
  return [...text.slice(0, length * 2)].slice(0, length).join("");
}

/** A name for a person, or "" when nothing is left of the text. */
export function personName(text) {
  if (typeof text !== "string") return "";
  return clip(text.normalize("NFC").replace(unwanted, "").trim().replace(/\s+/g, " "), limits.name).trim();
}

/** A name for a room, or "" when the text cannot be one. */
export function roomName(text) {
  if (typeof text !== "string" || text.length > 500) return "";
  const plain = text.normalize("NFC").replace(unwanted, "").trim().replace(/^#+/, "").trim();
  const name = clip(plain.toLowerCase().replace(/[\s/]+/g, "-"), limits.room);
  // Rooms and socket ids share one name space on the server.
  return isSocketId(name) ? "" : name;
}

/** The text of a message, or "" when there is none. Line breaks stay. */
export function messageText(text) {
  if (typeof text !== "string") return "";
  return clip(text, limits.message).replace(/\r\n?/g, "\n").replace(/^\n+|\s+$/g, "");
}

export function isSocketId(value) {
  return typeof value === "string" && /^[\w-]{20}$/.test(value);
}
