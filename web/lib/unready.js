/**
 * What to tell somebody who opened a film that cannot be shown yet, or not at all.
 *
 * @typedef {{status: string, progress?: number | null, reason?: string | null}} FilmStatus
 * @typedef {{title: string, detail: string, progress: number | null, waiting: boolean}} Words
 */

/** The words for a film; null when it can be watched. @returns {Words | null} */
export function wordsFor(/** @type {FilmStatus} */ { status, progress = null, reason = null }) {
  switch (status) {
    case "ready":
      return null;
    case "pending":
      return { title: "This film has not arrived yet", detail: "It begins here as soon as its file is uploaded.", progress: null, waiting: true };
    case "uploaded":
      return { title: "Getting the film ready", detail: "It has arrived whole and is looked at next.", progress: null, waiting: true };
    case "processing":
      return { title: "Getting the film ready", detail: reason ?? "It begins by itself in a moment.", progress, waiting: true };
    case "missing":
      return { title: "The file of this film is gone", detail: reason ?? "It was moved or deleted in its folder. Put back, it plays again.", progress: null, waiting: true };
    default:
      return { title: "This film cannot be played", detail: reason ?? "Its file could not be read.", progress: null, waiting: false };
  }
}
