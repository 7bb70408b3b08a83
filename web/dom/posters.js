// Pictures of the films in a room's queue, asked for together and only when there is a film nobody has asked about yet.

import { api } from "../lib/api.js";

/** @typedef {import("../lib/queue.js").Item} Item */

/** Their addresses end after two hours, ms. */
const FRESH_MS = 3_600_000;

class Posters extends EventTarget {
  /** @type {Map<string, string | null>} */
  #found = new Map();
  #askedAt = -Infinity;
  #asking = "";

  /** Where the picture of a film is; null while that is not known, or there is none. */
  of(/** @type {Item} */ item) {
    return this.#found.get(keyOf(item)) ?? null;
  }

  /** Have the pictures of these films; "change" tells when there are more. */
  async want(/** @type {string} */ roomId, /** @type {Item[]} */ items) {
    const old = performance.now() - this.#askedAt > FRESH_MS;
    const missing = items.filter((item) => old || !this.#found.has(keyOf(item))).map(keyOf).join();
    if (!missing || missing === this.#asking) return;
    this.#asking = missing;
    // A picture that cannot be had is no reason to disturb anybody.
    const answer = await api.get(`/rooms/${encodeURIComponent(roomId)}/queue`).catch(() => null);
    this.#asking = "";
    if (!answer) return;
    this.#askedAt = performance.now();
    for (const item of answer.items) this.#found.set(keyOf(item), item.poster_url);
    this.dispatchEvent(new Event("change"));
  }
}

/** A film that was still being prepared may have a picture once it is ready. */
function keyOf(/** @type {Item} */ { video_id, status }) {
  return `${video_id} ${status}`;
}

export const posters = new Posters();
