/**
 * What the library is asked for: the search, the filters and the order, as they stand in the page's address.
 *
 * @typedef {{q: string, status: string, visibility: string, owner: string, tag: string, sort: string}} Wanted
 */

/** @type {(keyof Wanted)[]} */
export const NAMES = ["q", "status", "visibility", "owner", "tag", "sort"];

/** @param {string} search a query string @returns {Wanted} */
export function wantedIn(search) {
  const given = new URLSearchParams(search);
  return /** @type {Wanted} */ (Object.fromEntries(NAMES.map((name) => [name, (given.get(name) ?? "").trim()])));
}

/** What is asked for, without what is left open. @param {Wanted} wanted */
export function queryOf(wanted) {
  const query = new URLSearchParams();
  for (const name of NAMES) if (wanted[name]) query.set(name, wanted[name]);
  return query;
}

/** The address that shows the same again. @param {Wanted} wanted */
export function addressOf(wanted) {
  const query = queryOf(wanted).toString();
  return query ? `/?${query}` : "/";
}

/** Whether only some of the films are asked for. @param {Wanted} wanted */
export function isNarrow(wanted) {
  return NAMES.some((name) => name !== "sort" && wanted[name] !== "");
}

/** Whether the newest films stand first, so that those that come belong on top. @param {Wanted} wanted */
export function isNewestFirst(wanted) {
  return wanted.sort === "newest" || (wanted.sort === "" && wanted.q === "");
}
