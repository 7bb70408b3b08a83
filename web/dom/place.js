// Where the panels are in full screen: over the picture, or beside it. Remembered; the key B and a button change it.

import { remember, remembered } from "./memory.js";

const REMEMBERED = "full-screen-chat";

/**
 * Keeps the class `beside` of what fills the screen as it was chosen, and hears the key.
 *
 * @param {HTMLElement} room
 * @param {AbortSignal} signal
 */
export function keepPlace(room, signal) {
  room.classList.toggle("beside", remembered(REMEMBERED) === "beside");
  const key = (/** @type {KeyboardEvent} */ event) => {
    const target = event.composedPath()[0];
    const writes = target instanceof Element && target.closest("input:not([type=range]), textarea, select, [contenteditable], dialog[open]");
    const full = document.fullscreenElement === room || room.classList.contains("fills");
    if (event.key.toLowerCase() !== "b" || event.ctrlKey || event.altKey || event.metaKey || writes || !full) return;
    event.preventDefault();
    changePlace(room);
  };
  document.addEventListener("keydown", key, { signal });
}

/** From over the picture to beside it, or back. */
export function changePlace(/** @type {HTMLElement} */ room) {
  remember(REMEMBERED, room.classList.toggle("beside") ? "beside" : "over");
}
