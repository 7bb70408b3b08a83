/**
 * Which rendition to begin with and what to call each.
 *
 * @typedef {{uri: string, height: number, bitrate: number, average?: number, videoRange?: string}} Level  in the order of the player,
 *   lowest first; `bitrate` is the most it takes, `average` what it takes over the whole film
 */

/** The source's own packets, untouched: nothing has to be encoded for it. */
export function isCopy(/** @type {Level} */ { uri }) {
  return /(^|\/)source\/[^/]*$/.test(uri.split("?")[0] ?? "");
}

/** Begin with the source when this browser can show it, else with what is made soonest: the lowest rung. */
export function startLevel(/** @type {Level[]} */ levels) {
  const copy = levels.findIndex(isCopy);
  if (copy >= 0) return copy;
  return levels.reduce((lowest, level, i) => (level.bitrate < (levels[lowest]?.bitrate ?? Infinity) ? i : lowest), 0);
}

/**
 * The place of the picture as high as somebody prefers: where there is none, of the next lower one, for who chose was
 * sparing of something; where there is none of those either, of the lowest. -1 leaves it to the line.
 *
 * @param {Level[]} levels
 * @param {number} height 0 for no preference
 */
export function levelFor(levels, height) {
  const pictures = levels.filter((level) => level.height > 0);
  if (!(height > 0) || pictures.length === 0) return -1;
  const lowest = Math.min(...pictures.map((level) => level.height));
  const best = Math.max(lowest, ...pictures.map((level) => level.height).filter((each) => each <= height));
  return levels.findLastIndex((level) => level.height === best);
}

/**
 * The places, last first, of what nobody here should be shown: a source of high dynamic range on a screen of the usual
 * one, and else rungs that say nothing the source does not, as high as it and hardly smaller.
 *
 * @param {Level[]} levels
 * @param {boolean} [bright]  whether the screen shows a high dynamic range
 */
export function needless(levels, bright = false) {
  const copy = levels.find(isCopy);
  if (!copy) return [];
  if (!bright && (copy.videoRange ?? "SDR") !== "SDR" && levels.length > 1) return [levels.indexOf(copy)];
  return levels
    .map((level, i) => (level !== copy && level.height >= copy.height && level.bitrate > 0.6 * copy.bitrate ? i : -1))
    .filter((i) => i >= 0)
    .reverse();
}

/** "Original (1080p)", "720p", "96 kbit/s". */
export function labelOf(/** @type {Level} */ level) {
  const height = level.height ? `${level.height}p` : `${Math.round(level.bitrate / 1000)} kbit/s`;
  return isCopy(level) ? `Original (${height})` : height;
}

/** "5.2 Mbit/s", "800 kbit/s". */
export function rateOf(/** @type {Level} */ { bitrate, average }) {
  const rate = average || bitrate;
  return rate < 1e6 ? `${Math.round(rate / 1000)} kbit/s` : `${(rate / 1e6).toFixed(1)} Mbit/s`;
}

/**
 * The menu: automatic first, then the best.
 *
 * @param {Level[]} levels
 * @param {number} playing  the level shown now, -1 while unknown
 * @returns {{value: number, label: string, detail?: string}[]}
 */
export function menu(levels, playing) {
  const now = levels[playing];
  const choices = levels.map((level, value) => ({ value, label: labelOf(level), ...(level.height ? { detail: rateOf(level) } : {}) }));
  return [{ value: -1, label: now ? `Auto (now ${labelOf(now)})` : "Auto" }, ...choices.reverse()];
}

/**
 * What to fetch first at a place that is not there yet: of what has to be encoded, the lowest rung, which is made soonest; the
 * line decides again from the next segment on. -1 leaves it to the line: where somebody chose, or the source plays.
 *
 * @param {Level[]} levels
 * @param {{chosen: number, playing: number, buffered: boolean}} now  -1 for nobody chose, and for nothing plays
 */
export function levelAfterSeek(levels, { chosen, playing, buffered }) {
  const current = levels[playing];
  if (buffered || chosen !== -1 || !current || isCopy(current)) return -1;
  // Also where that is what plays: the line may be about to take a higher one.
  return levels.reduce((low, { bitrate }, i) => (bitrate < (levels[low]?.bitrate ?? Infinity) ? i : low), 0);
}
