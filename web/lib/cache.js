/**
 * The cache of prepared segments in words.
 *
 * @typedef {{id: string, title: string, stored_bytes: number, kept: boolean}} StoredFilm
 * @typedef {{bytes: number, kept_bytes: number, cap_bytes: number, free_bytes: number, floor_bytes: number}} Cache  `bytes` are those
 *   that may be cleared away, `kept_bytes` come on top
 */
import { size } from "./format.js";

/** Below this many times the floor there is reason to say so. */
const NEAR_FLOOR = 1.25;
const MOST_FILMS = 8;

/**
 * How full it is, and what people may want to know about it.
 *
 * @param {{cache: Cache, videos?: StoredFilm[]}} stats
 * @param {string} [locale]
 */
export function cacheFacts({ cache: { bytes, kept_bytes, cap_bytes, free_bytes, floor_bytes }, videos = [] }, locale) {
  return {
    part: cap_bytes > 0 ? Math.min(1, bytes / cap_bytes) : 0,
    used: `${size(bytes, locale)} of ${size(cap_bytes, locale)} used`,
    facts: [
      { label: "Kept ready, besides", value: size(kept_bytes, locale) },
      { label: "Free on the disk", value: size(free_bytes, locale) },
      { label: "Always left free", value: size(floor_bytes, locale) },
    ],
    largest: [...videos].sort((a, b) => b.stored_bytes - a.stored_bytes).slice(0, MOST_FILMS),
    warning: free_bytes < floor_bytes * NEAR_FLOOR ? "The disk is nearly full: what nobody watches is cleared out of the cache." : "",
  };
}
