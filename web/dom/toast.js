// Saying something in passing. The words go up as an event; <wp-toast> shows them.

/**
 * @typedef {{text: string, action?: {label: string, run: () => void}, gone?: () => void, seconds?: number}} Toast
 */

/**
 * @param {string} text
 * @param {Omit<Toast, "text">} [more]
 */
export function toast(text, more = {}) {
  document.dispatchEvent(new CustomEvent("wp-toast", { detail: { text, ...more } }));
}

/**
 * Does something that can still be taken back: it happens when the toast is gone, or when the page is left.
 *
 * @param {string} text what has happened, as the person sees it
 * @param {{undo: () => void, commit: () => void}} what `undo` puts the page back; `commit` makes it so
 */
export function undoable(text, { undo, commit }) {
  let open = true;
  const settle = (/** @type {() => void} */ how) => () => {
    if (!open) return;
    open = false;
    removeEventListener("pagehide", leave);
    how();
  };
  const leave = settle(commit);
  addEventListener("pagehide", leave);
  toast(text, { action: { label: "Undo", run: settle(undo) }, gone: settle(commit), seconds: 7 });
}
