import { decodeText } from "./bongsu-payload.js";

/** Engine.IO 4 over WebSocket: one packet a message, binary messages without a type digit. */
export class WebSocketTransport {
  name = "websocket";
  listener = {};
  #address;
  #socket;

  /** @param {(transport: string) => URL} address */
  constructor(address) {
    this.#address = address;
  }

  get writable() {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  /** Whether the browser has handed everything written before to the network. */
  get idle() {
    return this.writable && this.#socket.bufferedAmount === 0;
  }

  open() {
    const url = this.#address("websocket");
    url.protocol = url.protocol.replace("http", "ws");
    const socket = new WebSocket(url);
    socket.binaryType = "arraybuffer";
    socket.onopen = () => this.listener.open?.();
    socket.onmessage = (event) => this.#receive(event.data);
    socket.onclose = (event) => this.#finish(event);
    this.#socket = socket;
  }

  write(packets) {
    for (const packet of packets) this.#socket.send(packet);
    this.listener.drain?.();
  }

  /** Closes after what has been written; nothing is reported any more. */
  close() {
    this.listener = {};
    this.#socket?.close();
  }

  #receive(data) {
    let packet;
    try {
      packet = typeof data === "string" ? decodeText(data) : data;
    } catch (error) {
      this.#end("parse error", error);
      return;
    }
    this.listener.packet?.(packet);
  }

  /** The `error` event of a WebSocket says nothing that `close`, which always follows, does not. */
  #finish({ code, reason }) {
    this.#end("transport close", new Error(`the WebSocket closed with ${code}${reason ? `: ${reason}` : ""}`));
  }

  #end(reason, error) {
    const { listener } = this;
    this.close();
    listener.close?.(reason, error);
  }
}
