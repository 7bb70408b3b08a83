// The film on the desktop's and the phone's own media controls, and their keys.

/** Seconds the system's skip keys move. */
const SKIP = 10;

/**
 * @param {string} title
 * @param {string | null} poster
 * @param {{play: () => void, pause: () => void, seek: (position: number) => void, position: () => number}} ask
 */
export function announce(title, poster, ask) {
  if (!("mediaSession" in navigator)) return;
  const session = navigator.mediaSession;
  session.metadata = new MediaMetadata({ title, artist: "WatchParty", artwork: poster ? [{ src: poster }] : [] });
  /** @type {[MediaSessionAction, MediaSessionActionHandler][]} */
  const handlers = [
    ["play", ask.play],
    ["pause", ask.pause],
    ["seekto", ({ seekTime }) => seekTime !== undefined && ask.seek(seekTime)],
    ["seekbackward", ({ seekOffset }) => ask.seek(Math.max(0, ask.position() - (seekOffset ?? SKIP)))],
    ["seekforward", ({ seekOffset }) => ask.seek(ask.position() + (seekOffset ?? SKIP))],
  ];
  for (const [action, handler] of handlers) {
    try {
      session.setActionHandler(action, handler);
    } catch {
      continue; // an action this browser does not know
    }
  }
}
