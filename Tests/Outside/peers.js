// Runs in the page beside the official client: keeps the sockets of a test and what each has heard.
globalThis.peers = {};

// JSON cannot carry bytes between the test and the page: they travel as {"$bytes": base64}.
globalThis.pack = (value) => {
  if (value instanceof ArrayBuffer) value = new Uint8Array(value);
  if (value instanceof Uint8Array) {
    let text = "";
    for (let at = 0; at < value.length; at += 8192) text += String.fromCharCode(...value.subarray(at, at + 8192));
    return { $bytes: btoa(text) };
  }
  if (Array.isArray(value)) return value.map(pack);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, pack(member)]));
};

globalThis.unpack = (value) => {
  if (Array.isArray(value)) return value.map(unpack);
  if (value === null || typeof value !== "object") return value;
  if (typeof value.$bytes === "string") return Uint8Array.from(atob(value.$bytes), (c) => c.charCodeAt(0)).buffer;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, unpack(member)]));
};

globalThis.openPeer = (name, url, options) => {
  const socket = io(url, { forceNew: true, ...options });
  const peer = { socket, heard: [], gone: [], errors: [], connects: 0, answer: undefined };
  peers[name] = peer;
  socket.onAny((event, ...args) => {
    const reply = typeof args.at(-1) === "function" ? args.pop() : null;
    peer.heard.push([event, ...args.map(pack)]);
    if (reply) reply(...unpack(peer.answer ?? []));
  });
  socket.on("connect", () => (peer.connects += 1));
  socket.on("disconnect", (reason) => peer.gone.push(reason));
  socket.on("connect_error", (error) => peer.errors.push({ message: error.message, data: error.data ?? null }));
};

globalThis.tell = (name, event, args) => void peers[name].socket.emit(event, ...unpack(args));

globalThis.ask = (name, event, args, milliseconds) =>
  new Promise((done, fail) => {
    const late = setTimeout(() => fail(new Error(`no ack for ${event} in ${milliseconds} ms`)), milliseconds);
    peers[name].socket.emit(event, ...unpack(args), (...answer) => {
      clearTimeout(late);
      done(answer.map(pack));
    });
  });

globalThis.heardBy = (name, event) =>
  peers[name].heard.filter((entry) => !event || entry[0] === event).map((entry) => (event ? entry.slice(1) : entry));

globalThis.forget = (name, event) => {
  const { heard } = peers[name];
  heard.splice(0, heard.length, ...heard.filter((entry) => entry[0] !== event));
};
