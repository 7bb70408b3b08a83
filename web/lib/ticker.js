/**
 * Timers kept by a worker (workers/ticker.js), so that a hidden tab stays in step.
 *
 * @typedef {{postMessage(order: unknown): void, addEventListener(type: "message", hear: (event: MessageEvent) => void): void, terminate?(): void}} WorkerLike
 */
export class Ticker {
  #worker;
  /** @type {Map<number, () => void>} */
  #calls = new Map();
  #last = 0;

  constructor(/** @type {WorkerLike} */ worker) {
    this.#worker = worker;
    worker.addEventListener("message", ({ data }) => this.#calls.get(data)?.());
  }

  /**
   * Call again and again until the returned function is called.
   * @param {number} ms
   * @param {() => void} call
   */
  every(ms, call) {
    const id = ++this.#last;
    this.#calls.set(id, call);
    this.#worker.postMessage({ id, every: ms });
    return () => this.#stop(id);
  }

  /**
   * Call once, unless the returned function is called before.
   * @param {number} ms
   * @param {() => void} call
   */
  after(ms, call) {
    const id = ++this.#last;
    this.#calls.set(id, () => {
      this.#calls.delete(id);
      call();
    });
    this.#worker.postMessage({ id, after: Math.max(0, ms) });
    return () => this.#stop(id);
  }

  /** End every timer, and the worker. */
  close() {
    this.#calls.clear();
    this.#worker.terminate?.();
  }

  #stop(/** @type {number} */ id) {
    if (this.#calls.delete(id)) this.#worker.postMessage({ id, stop: true });
  }
}
