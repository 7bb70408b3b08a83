/**
 * The cache of prepared segments in words.
 *
 * @typedef {{video_id: string, title: string, bytes: number, keep_ready?: boolean}} CachedFilm
 * @typedef {{bytes: number, kept_bytes: number, cap_bytes: number, free_bytes: number, floor_bytes: number, films?: CachedFilm[]}} Cache
 */
import { size } from "./format.js";

/** Below this many times the floor there is reason to say so. */
const NEAR_FLOOR = 1.25;

/**
 * How full it is, and what people may want to know about it.
 *
 * @param {Cache} cache sizes in bytes
 * @param {string} [locale]
 */
export function cacheFacts({ bytes, kept_bytes, cap_bytes, free_bytes, floor_bytes, films = [] }, locale) {
  return {
    part: cap_bytes > 0 ? Math.min(1, bytes / cap_bytes) : 0,
    used: `${size(bytes, locale)} of ${size(cap_bytes, locale)} used`,
    facts: [
      { label: "Kept ready", value: size(kept_bytes, locale) },
      { label: "Free on the disk", value: size(free_bytes, locale) },
      { label: "Always left free", value: size(floor_bytes, locale) },
    ],
    films: [...films].sort((a, b) => b.bytes - a.bytes),
    warning: free_bytes < floor_bytes * NEAR_FLOOR ? "The disk is nearly full: films that nobody watches are cleared out of the cache." : "",
  };
}
