/**
 * What a key asks of the player.
 *
 * @typedef {{key: string, ctrlKey?: boolean, altKey?: boolean, metaKey?: boolean}} Key
 * @typedef {{position: number, duration: number, volume: number, rate: number}} Now
 * @typedef {{kind: "toggle" | "mute" | "captions" | "fullscreen" | "help"} | {kind: "seek" | "volume" | "rate" | "offset" | "sound", value: number}} Wish
 */

export const RATES = [0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2];

/** For people to read. @type {[keys: string[], does: string][]} */
export const HELP = [
  [["Space", "K"], "Play or pause"],
  [["J", "L"], "Back or on by ten seconds"],
  [["←", "→"], "Back or on by five seconds"],
  [["↑", "↓"], "Louder or quieter"],
  [["M"], "Sound off or on"],
  [["C"], "Captions off or on"],
  [["G", "H"], "Captions earlier or later"],
  [["Y", "U"], "Sound later or earlier, on this device"],
  [["F"], "Full screen"],
  [["B"], "In full screen: the chat beside or over the picture"],
  [["0", "…", "9"], "To that tenth of the film"],
  [["<", ">"], "Slower or faster"],
  [["?"], "Show these keys"],
];

/**
 * @param {Key} pressed
 * @param {Now} now
 * @returns {Wish | null}
 */
export function wish({ key, ctrlKey, altKey, metaKey }, now) {
  if (ctrlKey || altKey || metaKey) return null;
  const plain = SIMPLE[key.length === 1 ? key.toLowerCase() : key];
  if (plain) return { kind: plain };
  const step = STEPS[key.length === 1 ? key.toLowerCase() : key];
  if (step) return { kind: "seek", value: within(now.position + step, now.duration) };
  const later = { g: -1, h: 1 }[key.toLowerCase()];
  if (later) return { kind: "offset", value: later };
  const sooner = { y: -1, u: 1 }[key.toLowerCase()];
  if (sooner) return { kind: "sound", value: sooner };
  if (/^[0-9]$/.test(key)) return Number.isFinite(now.duration) ? { kind: "seek", value: (now.duration * Number(key)) / 10 } : null;
  if (key === "ArrowUp" || key === "ArrowDown") {
    return { kind: "volume", value: Math.round(Math.min(1, Math.max(0, now.volume + (key === "ArrowUp" ? 0.05 : -0.05))) * 100) / 100 };
  }
  if (key === ">") return { kind: "rate", value: RATES.find((rate) => rate > now.rate + 0.01) ?? 2 };
  if (key === "<") return { kind: "rate", value: RATES.findLast((rate) => rate < now.rate - 0.01) ?? 0.25 };
  return null;
}

/** @type {Record<string, "toggle" | "mute" | "captions" | "fullscreen" | "help">} */
const SIMPLE = { " ": "toggle", k: "toggle", m: "mute", c: "captions", f: "fullscreen", "?": "help" };
/** @type {Record<string, number>} */
const STEPS = { j: -10, l: 10, ArrowLeft: -5, ArrowRight: 5 };

function within(/** @type {number} */ position, /** @type {number} */ duration) {
  return Math.max(0, Math.min(position, Number.isFinite(duration) ? duration - 0.1 : position));
}
