/**
 * Where playback stands, as a function of the server's clock.
 *
 * @typedef {object} Timeline
 * @property {number} revision
 * @property {string | null} video_id
 * @property {number} position   seconds of media at `at`
 * @property {number} rate
 * @property {boolean} playing
 * @property {number} at         server ms; may lie ahead (a scheduled start)
 * @property {string} cause      load, play, pause, seek, rate, wait, resume, end, empty or restart
 * @property {string | null} by  who: a member's id, or null when the room itself did
 * @property {boolean} [starting]      the room wants to play and will, as soon as everybody is ready
 * @property {string[]} [waiting_for]  ids of the members who keep it
 */

/** Media seconds at a moment of the server's clock (ms); never past `end`. */
export function positionAt(/** @type {Timeline} */ timeline, /** @type {number} */ serverNow, end = Infinity) {
  const elapsed = timeline.playing ? Math.max(0, serverNow - timeline.at) / 1000 : 0;
  return Math.max(0, Math.min(end, timeline.position + timeline.rate * elapsed));
}

/** When (server ms) the timeline reaches a position; Infinity when it stands still or has passed it. */
export function timeAt(/** @type {Timeline} */ timeline, /** @type {number} */ position) {
  if (!timeline.playing || position < timeline.position) return Infinity;
  return timeline.at + ((position - timeline.position) / timeline.rate) * 1000;
}

/** Whether `next` is newer than what is known: revisions only grow, and the same one may carry new names to wait for. */
export function supersedes(/** @type {Timeline | null} */ known, /** @type {Timeline} */ next) {
  return !known || next.revision >= known.revision;
}
