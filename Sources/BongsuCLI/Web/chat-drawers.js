/** On narrow screens the side columns are drawers: one at a time, over the page, with the focus inside. */
const drawers = [
  { button: "#open-rooms", drawer: "#rooms-drawer", narrow: matchMedia("(max-width: 760px)") },
  { button: "#open-people", drawer: "#people-drawer", narrow: matchMedia("(max-width: 1020px)") },
].map(({ button, drawer, narrow }) => ({
  button: document.querySelector(button),
  drawer: document.querySelector(drawer),
  narrow,
}));

const veil = document.querySelector("#veil");
const main = document.querySelector("main");
let open;

export function closeDrawer({ restoreFocus = false } = {}) {
  const closed = open;
  open = undefined;
  update();
  if (restoreFocus) closed?.button.focus();
}

function openDrawer(entry) {
  open = entry;
  update();
  entry.drawer.querySelector(".close-drawer").focus();
}

function update() {
  if (open && !open.narrow.matches) open = undefined;
  for (const entry of drawers) {
    const shown = entry === open;
    entry.drawer.classList.toggle("open", shown);
    entry.drawer.inert = entry.narrow.matches && !shown;
    entry.button.setAttribute("aria-expanded", String(shown));
  }
  main.inert = open !== undefined;
  veil.hidden = open === undefined;
}

export function setUpDrawers() {
  for (const entry of drawers) {
    entry.button.addEventListener("click", () => openDrawer(entry));
    entry.drawer.querySelector(".close-drawer").addEventListener("click", () => closeDrawer({ restoreFocus: true }));
    entry.narrow.addEventListener("change", update);
  }
  veil.addEventListener("click", () => closeDrawer({ restoreFocus: true }));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && open) closeDrawer({ restoreFocus: true });
  });
  update();
}
