/**
 * Engine.IO 4 packets as text. A packet is a string (type digit and data) or, for a binary message,
 * bytes. Long polling joins packets with U+001E and writes bytes as "b" + base64
 * (Engine.IO 4, HTTP long-polling).
 */
const SEPARATOR = "\x1e";
const utf8 = new TextEncoder();

/** @param {(string | Uint8Array)[]} packets */
export function encodePayload(packets) {
  return packets.map((packet) => (typeof packet === "string" ? packet : "b" + toBase64(packet))).join(SEPARATOR);
}

/** @returns {(string | ArrayBuffer)[]} throws when a binary packet is not base64. */
export function decodePayload(text) {
  return text.split(SEPARATOR).map(decodeText);
}

/** One packet out of a payload or a WebSocket text frame, where "b" also announces base64. */
export function decodeText(text) {
  return text.startsWith("b") ? fromBase64(text.slice(1)) : text;
}

/** Bytes the packet takes in a payload, its separator included; `maxPayload` limits their sum. */
export function sizeInPayload(packet) {
  const separator = 1;
  if (typeof packet === "string") return utf8.encode(packet).length + separator;
  return 1 + Math.ceil(packet.byteLength / 3) * 4 + separator;
}

function toBase64(bytes) {
  const step = 0x8000; // arguments to one call are limited
  let binary = "";
  for (let start = 0; start < bytes.length; start += step) {
    binary += String.fromCharCode(...bytes.subarray(start, start + step));
  }
  return btoa(binary);
}

function fromBase64(text) {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let index = 0; index < binary.length; index += 1) bytes[index] = binary.charCodeAt(index);
  return bytes.buffer;
}
