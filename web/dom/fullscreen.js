// Filling the screen with an element, also where only a video may (iPhones) or nothing at all.

const FILLS = "fills";

/**
 * Fills the screen with it, or gives the screen back.
 *
 * @param {HTMLElement} stage
 * @param {HTMLVideoElement} video
 */
export function fullscreen(stage, video) {
  if (document.fullscreenElement) return void document.exitFullscreen();
  if (stage.classList.contains(FILLS)) return fillPage(stage, false);
  if (stage.requestFullscreen) stage.requestFullscreen().catch(() => fillPage(stage, true));
  else if ("webkitEnterFullscreen" in video && stage.contains(video) && stage.localName === "wp-player") {
    /** @type {{webkitEnterFullscreen(): void}} */ (/** @type {unknown} */ (video)).webkitEnterFullscreen();
  } else fillPage(stage, true);
}

/**
 * The next best thing: the whole of the page.
 *
 * @param {HTMLElement} stage
 * @param {boolean} fills
 */
function fillPage(stage, fills) {
  stage.classList.toggle(FILLS, fills);
  document.documentElement.classList.toggle("filled", fills);
}
