/**
 * What one is told of. Values in, values out.
 *
 * @typedef {object} Notification  as the server writes it
 * @property {string} id
 * @property {string} kind
 * @property {string} text
 * @property {string | null} excerpt
 * @property {string} href
 * @property {boolean} read
 * @property {string} created_at
 */

/** What each kind is called where one chooses. @type {[string, string, string][]} */
export const KINDS = [
  ["reply", "Answers", "Somebody answers a comment of yours."],
  ["mention", "Mentions", "Somebody writes @ and your username."],
  ["comment", "Comments", "Somebody comments on a film of yours."],
  ["video_ready", "Films that are ready", "A film you uploaded can be watched."],
  ["video_failed", "Films that failed", "A film of yours could not be prepared."],
  ["access_request", "Knocks", "Somebody asks to be let into your room."],
];

/** The sign beside each kind. */
export function signOf(/** @type {string} */ kind) {
  return { reply: "reply", mention: "chat", comment: "chat", video_ready: "film", video_failed: "alert", access_request: "rooms" }[kind] ?? "bell";
}

/**
 * With these read, or with all of them.
 *
 * @param {Notification[]} known
 * @param {string[] | null} ids
 */
export function read(known, ids) {
  return known.map((one) => (ids === null || ids.includes(one.id) ? { ...one, read: true } : one));
}
