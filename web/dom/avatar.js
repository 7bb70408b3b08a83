// Somebody's picture, or the first letter of their name on a colour that is always theirs.

import { h } from "./html.js";

/** @typedef {{id: string, display_name: string, avatar_url?: string | null}} Person */

/**
 * It decorates: the name stands beside it.
 *
 * @param {Person} person
 * @returns {HTMLElement}
 */
export function avatar({ id, display_name, avatar_url }) {
  if (avatar_url) return h("img", { class: "avatar", src: avatar_url, alt: "", width: 36, height: 36, decoding: "async" });
  const letter = h("span", { class: "avatar", "aria-hidden": "true" }, [...display_name][0] ?? "");
  letter.style.setProperty("--hue", String(hue(id)));
  return letter;
}

function hue(/** @type {string} */ id) {
  let sum = 0;
  for (const character of id) sum = (sum * 31 + character.charCodeAt(0)) % 360;
  return sum;
}
