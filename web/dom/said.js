// What people wrote, as elements: words become text, links, names and buttons here, never markup.

import { h } from "./html.js";
import { clock } from "../lib/format.js";
import { parts } from "../lib/words.js";

/** @typedef {import("../lib/words.js").Part} Part */
/** @typedef {import("../lib/words.js").Named} Named */

/**
 * Its buttons dispatch bubbling "wp-moment" (detail: seconds).
 *
 * @param {string} text
 * @param {Named[]} people  whom it may mean
 * @param {string | undefined} you  one's own id
 */
export function said(text, people, you) {
  return parts(text, people).map((part) => shown(part, you));
}

/**
 * A listener that dispatches a bubbling event where it listens.
 *
 * @param {string} name
 * @param {unknown} detail
 */
export function tell(name, detail) {
  return (/** @type {Event} */ { currentTarget }) => currentTarget?.dispatchEvent(new CustomEvent(name, { bubbles: true, detail }));
}

/**
 * @param {Part} part
 * @param {string | undefined} you
 */
function shown(part, you) {
  if (part.kind === "link") return h("a", { href: part.href, target: "_blank", rel: "noopener noreferrer nofollow" }, part.text);
  if (part.kind === "mention") return h("span", { class: part.id === you ? "chat-mention you" : "chat-mention" }, part.text);
  if (part.kind === "text") return part.text;
  return h("button", { class: "chat-moment", type: "button", "aria-label": `Go to ${clock(part.seconds)}`, onclick: tell("wp-moment", part.seconds) }, part.text);
}
