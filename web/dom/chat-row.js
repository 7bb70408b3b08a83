// One line of a chat as an element. Words become text, links and buttons here, never markup.

import { h, icon } from "./html.js";
import { said, tell } from "./said.js";

/** @typedef {import("../lib/messages.js").Chat} Chat */
/** @typedef {import("../lib/words.js").Named} Named */
/**
 * @typedef {object} Place        what a row has to know beside its line
 * @property {Chat} [before]      the line above
 * @property {Chat | null} [answered]  what it answers; null while that is not known
 * @property {string | undefined} you  one's own id
 * @property {Named[]} people     whom it may mean
 * @property {boolean} mayDelete
 */

/** Lines of one person this close need no second head, ms. */
const GOES_ON_MS = 180_000;
const QUOTED = 90;

/**
 * Its buttons dispatch bubbling "wp-reply", "wp-delete", "wp-quoted" (detail: ids) and "wp-moment" (detail: s).
 *
 * @param {Chat} message
 * @param {Place} place
 */
export function chatRow(message, { before, answered, you, people, mayDelete }) {
  const { id, member_id, name, text, at, mentions = [], reply_to, unsaid_by } = message;
  const goesOn = !reply_to && before?.member_id === member_id && Date.parse(at) - Date.parse(before.at) < GOES_ON_MS;
  const time = h("time", { datetime: at }, new Date(at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" }));
  const head = goesOn ? null : h("p", { class: "chat-head" }, h("span", { class: "chat-name" }, name), time);
  const kinds = { mine: member_id === you, "goes-on": goesOn, meant: you !== undefined && mentions.includes(you), gone: Boolean(unsaid_by) };
  const row = h("li", { class: ["chat-row", ...Object.entries(kinds).filter(([, is]) => is).map(([kind]) => kind)].join(" "), "data-id": id, tabindex: -1 });
  if (unsaid_by) {
    row.append(...[head, h("p", { class: "chat-text soft" }, unsaid_by === member_id ? "Taken back" : "Removed by a host")].filter((one) => one !== null));
    return row;
  }
  const named = people.filter((one) => mentions.includes(one.id));
  const words = h("p", { class: "chat-text" }, ...said(text, named, you));
  const quote = reply_to ? quotation(reply_to, answered) : null;
  for (const part of [head, quote, words, actions(message, mayDelete)]) if (part) row.append(part);
  return row;
}

/** A line on its way. */
export function pendingRow(/** @type {string} */ text) {
  return h("li", { class: "chat-row mine pending" }, h("p", { class: "chat-text" }, text), h("p", { class: "chat-head" }, "Sending…"));
}

/** What a line says in a few words. */
export function excerpt(/** @type {Chat} */ { text, unsaid_by }) {
  if (unsaid_by) return "Taken back";
  const flat = text.replace(/\s+/g, " ");
  return flat.length > QUOTED ? `${flat.slice(0, QUOTED - 1)}…` : flat;
}

/**
 * @param {string} id
 * @param {Chat | null | undefined} answered
 */
function quotation(id, answered) {
  const words = answered ? [h("span", { class: "chat-name" }, answered.name), " ", excerpt(answered)] : ["An earlier line"];
  return h("button", { class: "chat-quote", type: "button", onclick: tell("wp-quoted", id) }, h("span", { class: "visually-hidden" }, "Answers: "), ...words);
}

/**
 * @param {Chat} message
 * @param {boolean} mayDelete
 */
function actions({ id, name }, mayDelete) {
  const button = (/** @type {string} */ sign, /** @type {string} */ label, /** @type {string} */ event) =>
    h("button", { class: "chat-action", type: "button", tabindex: -1, "aria-label": label, title: label, onclick: tell(event, id) }, icon(sign));
  return h("span", { class: "chat-actions" }, button("reply", `Answer ${name}`, "wp-reply"), mayDelete ? button("trash", `Delete what ${name} said`, "wp-delete") : null);
}
