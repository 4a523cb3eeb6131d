import { Composer } from "./chat-composer.js";
import { closeDrawer, setUpDrawers } from "./chat-drawers.js";
import { personName, roomName } from "./chat-limits.js";
import { ChatLog } from "./chat-log.js";
import { ChatModel } from "./chat-model.js";
import { PeopleList, RoomList } from "./chat-panels.js";
import { remember, remembered } from "./chat-settings.js";
import { defaultRooms, language, randomName, roomLabel, text, translate } from "./chat-text.js";

const find = (selector) => document.querySelector(selector);
const model = new ChatModel();

function setUpName() {
  const field = find("#name");
  const apply = () => {
    const name = personName(field.value) || model.name;
    field.value = name;
    if (name === model.name) return;
    remember("name", name);
    model.rename(name);
  };
  const first = personName(remembered("name", "")) || randomName();
  field.value = first;
  remember("name", first);
  model.rename(first);
  field.addEventListener("change", apply);
  find("#name-form").addEventListener("submit", (event) => {
    event.preventDefault();
    apply();
    closeDrawer();
    find("#message").focus();
  });
}

/** The room in the address is the room on display. */
function followAddress() {
  const wanted = roomName(decoded(location.hash)) || model.current?.name || defaultRooms[0];
  if (model.current?.name !== wanted) model.enter(wanted);
  showAddress();
  closeDrawer();
}

function showAddress() {
  const room = model.current?.name ?? defaultRooms[0];
  if (roomName(decoded(location.hash)) !== room) history.replaceState(null, "", "#" + encodeURIComponent(room));
}

function decoded(hash) {
  try {
    return decodeURIComponent(hash);
  } catch {
    return ""; // "%" and other halves of escapes
  }
}

function setUpRooms() {
  for (const room of remembered("rooms", [])) {
    if (roomName(room) === room) model.enter(room, { show: false });
  }
  addEventListener("hashchange", followAddress);
  model.on("switched", () => {
    const room = model.current?.name ?? defaultRooms[0];
    showAddress();
    find("#room-title").textContent = roomLabel(room);
    find("#room-address").textContent = "#" + room;
  });
  model.on("rooms", () => remember("rooms", [...model.rooms.keys()]));
  find("#room-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const room = roomName(find("#room-name").value);
    if (room === "") return;
    find("#room-name").value = "";
    location.hash = encodeURIComponent(room);
    find("#message").focus();
  });
  followAddress();
}

function setUpLink() {
  const address = find("#room-address");
  find("#copy-link").addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(location.href);
    } catch {
      return; // no clipboard on plain-HTTP pages; the address bar has the link
    }
    const before = address.textContent;
    address.textContent = text("linkCopied");
    setTimeout(() => {
      if (address.textContent === text("linkCopied")) address.textContent = before;
    }, 1500);
  });
}

function showState() {
  const { state, transport } = model;
  const status = find("#status");
  const capitalised = (word) => word[0].toUpperCase() + word.slice(1);
  status.dataset.state = find("#app").dataset.state = state;
  status.dataset.transport = (state === "connected" && transport) || "";
  find("#state-text").textContent = text("state" + capitalised(state));
  const badge = find("#transport-badge");
  badge.hidden = status.dataset.transport === "";
  if (!badge.hidden) badge.textContent = text("transport" + capitalised(transport));
}

function setUpConnection() {
  const force = find("#force-polling");
  force.checked = remembered("forcePolling", false) === true;
  force.addEventListener("change", () => {
    remember("forcePolling", force.checked);
    model.connect(force.checked);
  });
  model.on("state", showState);
  model.connect(force.checked);
}

/** Messages that come while the page is out of sight are counted in its title. */
function setUpTitle() {
  let missed = 0;
  const show = () => {
    const others = [...model.rooms.values()].reduce((sum, room) => sum + room.unread, 0);
    const count = missed + others;
    document.title = `${count > 0 ? `(${count}) ` : ""}${roomLabel(model.current?.name ?? "")} · Bongsu 봉수`;
  };
  model.on("appended", (entry) => {
    if (document.hidden && entry.kind === "message" && !entry.mine) missed += 1;
    show();
  });
  for (const event of ["rooms", "switched"]) model.on(event, show);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) missed = 0;
    show();
  });
}

/** Where the keyboard covers the page instead of resizing it (iOS), the page follows what is visible. */
function followKeyboard() {
  const view = window.visualViewport;
  if (!view) return;
  const fit = () => {
    const covered = view.scale === 1 && view.height < innerHeight - 1;
    document.documentElement.style.setProperty("--height", covered ? `${view.height}px` : "100dvh");
    if (covered) scrollTo(0, 0);
  };
  view.addEventListener("resize", fit);
}

document.documentElement.lang = language;
translate(document);
const composer = new Composer(model);
new ChatLog(model);
new RoomList(model);
new PeopleList(model, () => {
  closeDrawer();
  composer.focus();
});
setUpDrawers();
setUpName();
setUpTitle();
setUpRooms();
setUpLink();
setUpConnection();
followKeyboard();
