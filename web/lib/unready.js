/**
 * What to tell somebody who opened a film that cannot be shown yet, or not at all.
 *
 * @typedef {{status: string, progress?: number | null, reason?: string | null, activity?: string | null,
 *   why_encoded?: string | null, speed?: number | null, eta_seconds?: number | null}} FilmStatus
 * @typedef {{title: string, detail: string, progress: number | null, waiting: boolean}} Words
 */
import { percent, timeLeft } from "./format.js";

/** The words for a film; null when it can be watched. @returns {Words | null} */
export function wordsFor(/** @type {FilmStatus} */ { status, progress = null, reason = null, activity = null }) {
  switch (status) {
    case "ready":
      return null;
    case "pending":
      return { title: "This film has not arrived yet", detail: reason ?? "It begins here as soon as its file is uploaded.", progress: null, waiting: true };
    case "uploaded":
      return { title: "Getting the film ready", detail: activity ?? "It has arrived whole and is looked at next.", progress: null, waiting: true };
    case "processing":
      return { title: "Getting the film ready", detail: activity ?? "It begins by itself in a moment.", progress, waiting: true };
    case "missing":
      return { title: "The file of this film is gone", detail: reason ?? "It was moved or deleted in its folder. Put back, it plays again.", progress: null, waiting: true };
    default:
      return { title: "This film cannot be played", detail: reason ?? "Its file could not be read.", progress: null, waiting: false };
  }
}

/**
 * What is still being done to a film that can already be watched: "Preparing 360p: … · 34% · 2.1× · 3 min left". Empty when
 * nothing is.
 */
export function workOn(/** @type {FilmStatus} */ { activity, progress, speed, eta_seconds }) {
  if (!activity) return "";
  const parts = [
    activity,
    progress ? percent(progress) : null,
    speed ? `${speed < 10 ? speed.toFixed(1) : Math.round(speed)}× as fast as it plays` : null,
    eta_seconds ? timeLeft(eta_seconds) : null,
  ];
  return parts.filter(Boolean).join(" · ");
}
