/**
 * The first of a burst at once, then the newest one every so often, and always the last: a drag along the time line makes
 * a request for each move otherwise.
 *
 * @template T
 * @param {number} ms
 * @param {(value: T) => void} call
 * @param {(ms: number, call: () => void) => unknown} [after]
 */
export function throttle(ms, call, after = (delay, then) => setTimeout(then, delay)) {
  let waiting = false;
  /** @type {{value: T} | null} */
  let latest = null;
  const pass = () => {
    waiting = latest !== null;
    if (!latest) return;
    const { value } = latest;
    latest = null;
    after(ms, pass);
    call(value);
  };
  return (/** @type {T} */ value) => {
    latest = { value };
    if (!waiting) pass();
  };
}
