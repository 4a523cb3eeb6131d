/** What the page remembers. A browser that stores nothing only forgets. */
const prefix = "bongsu.chat.";

export function remembered(key, fallback) {
  try {
    return JSON.parse(localStorage.getItem(prefix + key)) ?? fallback;
  } catch {
    return fallback;
  }
}

export function remember(key, value) {
  try {
    localStorage.setItem(prefix + key, JSON.stringify(value));
  } catch {
    // Private windows and full storage refuse; the chat works all the same.
  }
}
