/**
 * What can be made of a film: the choices of each dialog, and which of them go together.
 *
 * @typedef {{value: string, label: string, hint?: string}} Choice
 */

/** @type {Choice[]} */
export const SOUNDS = [
  { value: "m4a", label: "M4A", hint: "Small, and plays everywhere." },
  { value: "mp3", label: "MP3", hint: "For old players and car radios." },
  { value: "opus", label: "Opus", hint: "The smallest at the same quality." },
  { value: "flac", label: "FLAC", hint: "Nothing is lost." },
  { value: "wav", label: "WAV", hint: "Uncompressed, for editing." },
];

const HEIGHTS = [2160, 1440, 1080, 720, 480, 360];

/** @type {Record<number, string>} */
const SIZES = { 2160: "4K", 1440: "For large screens", 1080: "Full HD", 720: "HD, good on tablets", 480: "For phones", 360: "The smallest" };

/** @type {Choice[]} */
export const CONTAINERS = [
  { value: "mp4", label: "MP4", hint: "Plays nearly everywhere." },
  { value: "webm", label: "WebM", hint: "For the web, free of patents." },
  { value: "mkv", label: "Matroska", hint: "Holds anything." },
];

/** @type {Record<string, string>} */
const NAMES = { h264: "H.264", hevc: "HEVC", av1: "AV1", vp9: "VP9", aac: "AAC", mp3: "MP3", opus: "Opus", flac: "FLAC" };

const PICTURES = ["h264", "hevc", "av1", "vp9"];
const TRACKS = ["aac", "opus", "mp3", "flac"];

/** Which codecs go into which container; the first of each is the usual one. @type {Record<string, {video: string[], audio: string[]}>} */
const TOGETHER = {
  mp4: { video: PICTURES, audio: TRACKS },
  webm: { video: ["vp9", "av1"], audio: ["opus"] },
  mkv: { video: PICTURES, audio: TRACKS },
};

/**
 * The heights a smaller copy of a film this high can have, in pixels, largest first.
 *
 * @param {number | null} height
 * @returns {Choice[]}
 */
export function heightsBelow(height) {
  return HEIGHTS.filter((each) => each < (height ?? 0)).map((each) => ({ value: String(each), label: `${each}p`, hint: SIZES[each] }));
}

/**
 * The codecs that go into a container.
 *
 * @param {string} container
 * @param {"video" | "audio"} kind
 * @returns {Choice[]}
 */
export function codecsFor(container, kind) {
  return (TOGETHER[container]?.[kind] ?? []).map((value) => ({ value, label: NAMES[value] ?? value }));
}

/**
 * The choice that stays when the container changes: the same codec where it still fits, else the usual one.
 *
 * @param {string} container
 * @param {"video" | "audio"} kind
 * @param {string | undefined} before
 */
export function codecAfter(container, kind, before) {
  const fitting = TOGETHER[container]?.[kind] ?? [];
  return before && fitting.includes(before) ? before : fitting[0];
}
