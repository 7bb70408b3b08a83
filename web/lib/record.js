/** The record of a room's session as sentences. */
import { clock } from "./format.js";

/**
 * @typedef {{kind: string, name: string | null, target_name: string | null, title: string | null, position: number | null, from_position: number | null, detail: string | null, at: string}} Recorded
 * @typedef {{id: string, started_at: string, ended_at: string | null, live: boolean, people: {name: string | null}[], films: {title: string | null}[], events: number}} Session
 */

const ROLES = /** @type {Record<string, string>} */ ({ host: "the host", cohost: "a co-host", member: "a member", guest: "a guest" });
const SETTINGS = /** @type {Record<string, string>} */ ({
  name: "name",
  admission: "way in",
  control: "remote control",
  password: "password",
  rights: "rights",
  slow_mode: "slow mode",
});

/** Who did what: "{who}" stands for a name. @type {Record<string, (event: Recorded) => string>} */
const SENTENCES = {
  joined: () => "{who} came in",
  left: () => "{who} left",
  played: (event) => `{who} pressed play${at(event)}`,
  paused: (event) => `{who} paused${at(event)}`,
  played_now: (event) => `{who} went on without those who were late${at(event)}`,
  sought: ({ from_position: from, position }) => `{who} went ${from === null ? "" : `from ${clock(from)} `}to ${clock(position ?? 0)}`,
  rate: ({ detail }) => `{who} set the speed to ${detail ?? "?"}×`,
  loaded: (event) => (event.name ? (event.title ? `{who} put on ${film(event)}` : "{who} took the film away") : event.title ? `${capital(film(event))} came on` : "The film was taken away"),
  ended: (event) => `${capital(film(event))} ended`,
  waited: (event) => `The room waited for {who}${at(event)}`,
  excused: (event) => `The room went on without {who}${at(event)}`,
  restarted: () => "The server was started again",
  kicked: () => "{who} showed {whom} out",
  banned: () => "{who} banned {whom}",
  unbanned: () => "{who} let {whom} come in again",
  muted: () => "{who} muted {whom}",
  unmuted: () => "{who} let {whom} speak again",
  role: ({ detail }) => `{who} made {whom} ${ROLES[detail ?? ""] ?? detail ?? "something else"}`,
  settings: ({ detail }) => `{who} changed the room's ${listed((detail ?? "settings").split(", ").map((name) => SETTINGS[name] ?? name))}`,
  queued: ({ detail }) => `{who} added ${detail ? `“${detail}”` : "a film"} to the queue`,
  unqueued: ({ detail }) => `{who} took ${detail ? `“${detail}”` : "a film"} off the queue`,
  reordered: ({ detail }) => `{who} moved ${detail ? `“${detail}”` : "a film"} in the queue`,
  voted: () => "Most people wanted the next film",
};

/**
 * One line of the record.
 *
 * @param {Recorded} event
 */
export function recorded(event) {
  const words = SENTENCES[event.kind]?.(event) ?? `{who}: ${event.kind.replaceAll("_", " ")}`;
  return words.replace(/\{(whom?)\}/g, (_, which) => (which === "who" ? (event.name ?? "Somebody") : (event.target_name ?? "somebody")));
}

/**
 * A session in a line, to choose it by: "Tue 10 Mar, 20:15, 1 h 52 min".
 *
 * @param {Session} session
 * @param {string} [locale]
 * @param {string} [timeZone]
 */
export function chapter({ started_at, ended_at, live }, locale, timeZone) {
  const began = new Intl.DateTimeFormat(locale, { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", timeZone }).format(Date.parse(started_at));
  const lasted = live || !ended_at ? "going on now" : span((Date.parse(ended_at) - Date.parse(started_at)) / 1000);
  return `${began}, ${lasted}`;
}

/**
 * Who came, and what was shown: "Ann, Bob and 2 others, with “Nosferatu”".
 *
 * @param {Session} session
 */
export function cast({ people, films }) {
  const names = people.map(({ name }) => name ?? "somebody");
  const who = names.length > 3 ? `${names.slice(0, 2).join(", ")} and ${names.length - 2} others` : listed(names);
  const shown = listed(films.slice(0, 3).flatMap(({ title }) => (title ? [`“${title}”`] : [])));
  return shown ? `${who}, with ${shown}` : who;
}

function span(/** @type {number} */ seconds) {
  const minutes = Math.max(1, Math.round(seconds / 60));
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function at(/** @type {Recorded} */ { position }) {
  return position === null ? "" : ` at ${clock(position)}`;
}

function film(/** @type {Recorded} */ { title }) {
  return title ? `“${title}”` : "the film";
}

function capital(/** @type {string} */ words) {
  return words[0] === "t" ? `T${words.slice(1)}` : words;
}

function listed(/** @type {string[]} */ names) {
  return names.length < 2 ? (names[0] ?? "") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
