/**
 * Socket.IO 5 packets: `<type>[<attachments>-][<namespace>,][<ack id>][JSON]`, then the attachments
 * as binary messages. Inside the JSON each attachment is a placeholder.
 */
export const PacketType = Object.freeze({
  connect: 0,
  disconnect: 1,
  event: 2,
  ack: 3,
  connectError: 4,
  binaryEvent: 5,
  binaryAck: 6,
});

/** Names of the protocol's own events; neither side may send them. */
export const reservedEvents = new Set([
  "connect",
  "connect_error",
  "disconnect",
  "disconnecting",
  "newListener",
  "removeListener",
]);

/** As many as the reference accepts (socket.io-parser 4.2.6). */
const MAX_ATTACHMENTS = 10;

/**
 * @param {{type: number, namespace: string, id?: number, data?: unknown}} packet
 * @returns {(string | Uint8Array)[]} the text and then the attachments.
 * Throws a TypeError for cycles, BigInts and Blobs.
 */
export function encodePacket({ type, namespace, id, data }) {
  const attachments = [];
  const json = data === undefined ? "" : JSON.stringify(data, detaching(attachments));
  let text = String(type);
  if (attachments.length > 0) {
    const binary = type === PacketType.event ? PacketType.binaryEvent : PacketType.binaryAck;
    text = `${binary}${attachments.length}-`;
  }
  if (namespace !== "/") text += namespace + ",";
  if (id !== undefined) text += id;
  return [text + json, ...attachments];
}

/** A JSON replacer: collects binary values and leaves placeholders. */
function detaching(attachments) {
  return function replace(key, value) {
    const original = this[key]; // `value` has been through toJSON, which Node's Buffer defines
    const bytes = bytesOf(original);
    if (bytes === undefined) return value;
    return { _placeholder: true, num: attachments.push(bytes) - 1 };
  };
}

function bytesOf(value) {
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  if (typeof Blob !== "undefined" && value instanceof Blob) {
    throw new TypeError("a Blob cannot be sent: await its arrayBuffer() first");
  }
  return undefined;
}

/** Puts packets together from the messages of one connection. */
export class PacketDecoder {
  /** The packet whose attachments are still coming: {packet, json, missing, attachments}. */
  #partial;

  /** Takes a message; returns a packet when one is complete. Throws when the peer breaks the protocol. */
  push(message) {
    if (typeof message !== "string") return this.#pushAttachment(message);
    if (this.#partial) throw new Error("text where an attachment was due");
    const { packet, count, json } = parseHead(message);
    if (count === 0) return complete(packet, json, []);
    this.#partial = { packet, json, missing: count, attachments: [] };
    return undefined;
  }

  #pushAttachment(bytes) {
    const partial = this.#partial;
    if (!partial) throw new Error("an attachment without a packet");
    partial.attachments.push(bytes);
    partial.missing -= 1;
    if (partial.missing > 0) return undefined;
    this.#partial = undefined;
    return complete(partial.packet, partial.json, partial.attachments);
  }
}

function parseHead(text) {
  const head = /^(?:([0-4])|([56])(\d{1,4})-)(?:(\/[^,]*)(?:,|$))?(\d{1,15})?/.exec(text);
  if (!head) throw new Error("malformed packet");
  const count = Number(head[3] ?? 0);
  if (count > MAX_ATTACHMENTS) throw new Error("too many attachments");
  const type = Number(head[1] ?? head[2]);
  const id = head[5] === undefined ? undefined : Number(head[5]);
  return { packet: { type: plainType(type), namespace: head[4] ?? "/", id }, count, json: text.slice(head[0].length) };
}

/** Binary events and acks differ from the plain ones on the wire only. */
function plainType(type) {
  if (type === PacketType.binaryEvent) return PacketType.event;
  return type === PacketType.binaryAck ? PacketType.ack : type;
}

function complete(packet, json, attachments) {
  const data = json === "" ? undefined : JSON.parse(json, attachments.length > 0 ? attaching(attachments) : undefined);
  if (!isValid(packet, data)) throw new Error("invalid payload");
  return { ...packet, data };
}

/** A JSON reviver: puts attachments where their placeholders are. */
function attaching(attachments) {
  return (_, value) => {
    if (value?._placeholder !== true) return value;
    if (!Number.isInteger(value.num) || !(value.num in attachments)) throw new Error("no such attachment");
    return attachments[value.num];
  };
}

function isValid({ type, id }, data) {
  switch (type) {
    case PacketType.connect:
      return data === undefined || isObject(data);
    case PacketType.disconnect:
      return data === undefined;
    case PacketType.connectError:
      return typeof data === "string" || isObject(data);
    case PacketType.ack:
      return Array.isArray(data) && id !== undefined;
    default:
      return Array.isArray(data) && (typeof data[0] === "number" || isEventName(data[0]));
  }
}

const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const isEventName = (name) => typeof name === "string" && !reservedEvents.has(name);
