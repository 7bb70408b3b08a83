// Tells the server how much of a film was watched, once that is enough for a view.

import { api } from "../lib/api.js";
import { Viewing } from "../lib/viewing.js";

/** @param {HTMLElement} player which names its film by the attribute `video-id` */
export function countViews(player) {
  let viewing = new Viewing();
  let film = player.getAttribute("video-id");
  const look = async (/** @type {Event} */ event) => {
    const now = player.getAttribute("video-id");
    if (now !== film) [film, viewing] = [now, new Viewing()];
    const { target } = event;
    if (!film || !(target instanceof HTMLMediaElement) || target.paused) return;
    const telling = viewing;
    const watched = telling.at(target.currentTime, target.duration);
    if (watched === null) return;
    // A view that is not counted is no reason to disturb anybody.
    const answer = await api.post(`/videos/${encodeURIComponent(film)}/views`, { watched_seconds: watched }).catch(() => null);
    telling.answered(answer?.counted ?? false, watched);
  };
  player.addEventListener("timeupdate", (event) => void look(event), true);
}
