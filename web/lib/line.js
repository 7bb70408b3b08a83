/**
 * How one's own player and connection do, in plain words first and figures second.
 *
 * @typedef {import("./party.js").Connection} Connection
 * @typedef {object} Facts
 * @property {Connection} connection
 * @property {number} retryIn      ms until the next try; 0 while one is under way
 * @property {number} rtt          shortest round trip of late, ms; 0 before the first answer
 * @property {number} uncertainty  how far wrong the shared clock may be at worst, ms
 * @property {string} state        of the player, as the room is told it
 * @property {number | null} error seconds ahead of the room, null while there is nothing to measure
 * @property {boolean} silenced    whether the browser keeps the sound back
 * @property {boolean} playing     whether the room plays
 * @property {boolean} film        whether there is one
 * @property {number} buffered     seconds of film at hand
 * @property {number} dropped      frames that were not shown
 * @property {number} frames       frames in all
 * @property {{height: number, bitrate: number, automatic: boolean} | null} quality  of the picture; bit/s
 * @typedef {{name: string, words: string, figure: string}} Row
 */
import { apart, standing } from "./telling.js";

/**
 * In a word or two: the connection while there is none, else how well one is in step.
 *
 * @param {Facts} facts
 */
export function brief(facts) {
  if (facts.connection !== "open") return connected(facts).words;
  const { word, drift } = step(facts);
  return drift ? `${word}, ${drift}` : word;
}

/**
 * Everything there is to say, a row each.
 *
 * @param {Facts} facts
 * @returns {Row[]}
 */
export function rows(facts) {
  const { rtt, uncertainty, buffered, quality, film } = facts;
  const { word, drift } = step(facts);
  const all = [
    connected(facts),
    { name: "Round trip", words: rtt ? grade(rtt, QUICK) : "not measured yet", figure: rtt ? milliseconds(rtt) : "" },
    { name: "Shared clock", words: Number.isFinite(uncertainty) ? grade(uncertainty, EXACT) : "not set yet", figure: Number.isFinite(uncertainty) ? `± ${milliseconds(uncertainty)}` : "" },
    { name: "Your player", words: word, figure: drift },
  ];
  if (!film) return all;
  all.push({ name: "Film at hand", words: grade(-buffered, AHEAD), figure: `${Math.floor(buffered)} s` }, lost(facts));
  if (quality) all.push({ name: "Picture", words: `${quality.height}p, ${quality.automatic ? "chosen for you" : "your choice"}`, figure: bits(quality.bitrate) });
  return all;
}

/** Limits, each with what is said below it, ms. @type {[number, string][]} */
const QUICK = [[30, "very quick"], [100, "quick"], [250, "slow"], [Infinity, "very slow"]];
/** @type {[number, string][]} */
const EXACT = [[3, "exact"], [15, "good"], [Infinity, "rough"]];
/** Seconds of film, as a negative number. @type {[number, string][]} */
const AHEAD = [[-10, "plenty"], [-3, "enough"], [Infinity, "little"]];

function grade(/** @type {number} */ value, /** @type {[number, string][]} */ limits) {
  return limits.find(([limit]) => value <= limit)?.[1] ?? "";
}

/** @returns {Row} */
function connected(/** @type {Facts} */ { connection, retryIn }) {
  const name = "Connection";
  if (connection === "open") return { name, words: "connected", figure: "" };
  if (connection === "connecting") return { name, words: "connecting…", figure: "" };
  if (connection === "over") return { name, words: "not in the room", figure: "" };
  const seconds = Math.ceil(retryIn / 1000);
  return { name, words: seconds > 0 ? `lost, trying again in ${seconds} s` : "lost, trying again…", figure: "" };
}

function step(/** @type {Facts} */ { state, error, silenced, playing, film }) {
  return standing({ state, silenced, drift_ms: error === null ? null : error * 1000 }, { playing, film });
}

/** @returns {Row} */
function lost(/** @type {Facts} */ { dropped, frames }) {
  const words = dropped === 0 ? "none" : dropped < frames / 100 ? "hardly any" : "many";
  return { name: "Frames not shown", words, figure: frames ? `${dropped} of ${frames}` : "" };
}

function milliseconds(/** @type {number} */ ms) {
  return ms < 10 ? `${ms.toFixed(1)} ms` : ms < 1000 ? `${Math.round(ms)} ms` : apart(ms).replace("+", "");
}

/** "2.4 Mbit/s", "640 kbit/s". */
function bits(/** @type {number} */ perSecond) {
  return perSecond >= 1e6 ? `${(perSecond / 1e6).toFixed(1)} Mbit/s` : perSecond > 0 ? `${Math.round(perSecond / 1000)} kbit/s` : "";
}
