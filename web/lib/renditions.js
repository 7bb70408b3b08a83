/**
 * The renditions of a film as people speak of them.
 *
 * @typedef {{name: string, width: number | null, height: number | null, bitrate: number, mode: string, ready_segments: number,
 *   segments: number, codecs?: string | null, stored_bytes?: number | null}} Rendition
 */
import { size } from "./format.js";

/** How a codec's name begins (RFC 6381), and what it is called. @type {[RegExp, string][]} */
const CODECS = [
  [/^avc[13]\./, "H.264"],
  [/^h(vc|ev)1\./, "HEVC"],
  [/^dvh[1e]\./, "Dolby Vision"],
  [/^av01\./, "AV1"],
  [/^vp0?9(\.|$)/, "VP9"],
  [/^vp0?8(\.|$)/, "VP8"],
  [/^mp4a\.(40|66|67|68)\b/, "AAC"],
  [/^mp4a\.(69|6b)$/i, "MP3"],
  [/^opus$/i, "Opus"],
  [/^flac$/i, "FLAC"],
  [/^ac-3$/, "Dolby Digital"],
  [/^ec-3$/, "Dolby Digital Plus"],
];

/** "H.264", "H.264 and AAC". What nobody has a name for is written as it is. */
export function codecsOf(/** @type {string} */ codecs) {
  const names = codecs.split(",").map((codec) => CODECS.find(([begins]) => begins.test(codec.trim()))?.[1] ?? codec.trim());
  return [...new Set(names)].join(" and ");
}

/** Whether it is a sound track: those have no height. */
export function isSound(/** @type {Rendition} */ { height }) {
  return !height;
}

/** "Original", "720p", "Sound", "Sound 2": as the player's menu calls them. */
export function nameOf(/** @type {Rendition} */ { name, mode, height }) {
  const track = /^audio-(\d+)$/.exec(name)?.[1];
  if (track) return track === "1" ? "Sound" : `Sound ${track}`;
  return mode === "copy" && height ? "Original" : name;
}

/**
 * "2.8 Mbit/s", "128 kbit/s".
 *
 * @param {number} bitrate bits per second
 * @param {string} [locale]
 */
export function bitRate(bitrate, locale) {
  const mega = bitrate >= 1_000_000;
  const value = new Intl.NumberFormat(locale, { maximumFractionDigits: mega && bitrate < 10_000_000 ? 1 : 0 });
  return `${value.format(bitrate / (mega ? 1_000_000 : 1000))} ${mega ? "Mbit/s" : "kbit/s"}`;
}

/** "1920 × 1080 · H.264 · 5 Mbit/s". */
export function factsOf(/** @type {Rendition} */ { width, height, codecs, bitrate }) {
  return [width && height ? `${width} × ${height}` : null, codecs ? codecsOf(codecs) : null, bitRate(bitrate)].filter(Boolean).join(" · ");
}

/**
 * How much of it lies ready: the part of its segments, and the words for it.
 *
 * @param {Rendition} rendition
 * @returns {{part: number, words: string}}
 */
export function readiness({ mode, ready_segments, segments }) {
  if (mode === "copy") return { part: 1, words: "always ready" };
  const part = segments ? ready_segments / segments : 0;
  if (segments && ready_segments >= segments) return { part: 1, words: "all ready" };
  return { part, words: ready_segments === 0 ? "made when watched" : `${ready_segments} of ${segments} segments` };
}

/** What of it lies in the cache: a copied one is cut from the film's own file and takes no room. */
export function stored(/** @type {Rendition} */ { mode, stored_bytes }) {
  if (stored_bytes) return size(stored_bytes);
  return mode === "copy" ? "nothing" : "nothing yet";
}

/**
 * What the ladder of a film comes to, in one sentence.
 *
 * @param {Rendition[]} renditions
 * @param {string | null | undefined} why why the picture cannot go out as it is
 */
export function summary(renditions, why) {
  const pictures = renditions.filter((rendition) => !isSound(rendition));
  if (pictures.length === 0) return "This film is sound alone.";
  if (why) return `${why} That is why it is encoded for watching.`;
  return "The original picture is sent untouched; the other qualities are encoded for slower lines.";
}
