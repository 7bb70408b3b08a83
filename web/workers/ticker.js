/**
 * A clock that goes on in hidden tabs: browsers slow a page's timers down to one a second or a minute, a worker's not.
 * In: {id, after} once, {id, every} again and again, {id, stop: true}; all in ms. Out: the id.
 */

/** @typedef {{id: number, after?: number, every?: number, stop?: boolean}} Order */

/** @type {Map<number, () => void>} */
const running = new Map();

self.addEventListener("message", (/** @type {MessageEvent<Order>} */ { data }) => {
  running.get(data.id)?.();
  running.delete(data.id);
  if (data.stop) return;
  if (data.every !== undefined) {
    const timer = setInterval(() => self.postMessage(data.id), data.every);
    running.set(data.id, () => clearInterval(timer));
  } else {
    const timer = setTimeout(() => {
      running.delete(data.id);
      self.postMessage(data.id);
    }, data.after);
    running.set(data.id, () => clearTimeout(timer));
  }
});
