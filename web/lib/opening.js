/** From a film's id to something that can be played, however long the server needs for it. */
import { api as server, ApiProblem } from "./api.js";
import { beginAt } from "./bookmark.js";

/** Somebody sits before the film and waits for it: what is asked once a second is known half a second late. */
const SOON_SECONDS = 0.2;

/**
 * The permission to fetch the film, as soon as there is something to fetch; meanwhile `tell` hears what is being done. Null
 * when it was given up, or will not be ready by itself. Throws ApiProblem.
 *
 * @param {import("./access.js").Access} access
 * @param {string} videoId
 * @param {AbortSignal} signal
 * @param {(words: import("./unready.js").Words) => void} tell
 * @param {Pick<import("./api.js").Api, "get">} [api]
 * @returns {Promise<import("./access.js").Answer | null>}
 */
export async function opened(access, videoId, signal, tell, api = server) {
  for (;;) {
    try {
      return await access.fresh();
    } catch (error) {
      // 409: it is not ready. Anything else is no matter of waiting.
      if (!(error instanceof ApiProblem) || error.status !== 409) throw error;
    }
    const [{ statuses }, { wordsFor }] = await Promise.all([import("./preparing.js"), import("./unready.js")]);
    let ready = false;
    for await (const status of statuses(api, videoId, { signal, every: SOON_SECONDS })) {
      const words = wordsFor(status);
      if (words) tell(words);
      ready = words === null;
    }
    if (!ready || signal.aborted) return null;
  }
}

/**
 * Where to begin, s: where one left off the last time. Not knowing that is no reason not to begin.
 *
 * @param {string} videoId
 * @param {AbortSignal} signal
 * @param {Pick<import("./api.js").Api, "get">} [api]
 */
export async function beginning(videoId, signal, api = server) {
  const path = `/videos/${encodeURIComponent(videoId)}`;
  const [left, film] = await Promise.all([
    api.get(`${path}/position`, { signal }).catch(() => null),
    api.get(path, { signal }).catch(() => null),
  ]);
  return beginAt(left?.position, film?.duration);
}
