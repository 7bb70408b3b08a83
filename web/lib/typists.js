/** Who is writing, as far as one has heard lately. */
export class Typists {
  /** Forgotten after this without another word of it. */
  static GONE_MS = 5000;

  /** @type {Map<string, {name: string, until: number}>} */
  #typists = new Map();

  /** @param {() => number} now ms */
  constructor(now) {
    this.now = now;
  }

  /**
   * @param {string} id
   * @param {string} name
   * @param {boolean} on
   */
  hear(id, name, on) {
    if (on) this.#typists.set(id, { name, until: this.now() + Typists.GONE_MS });
    else this.forget(id);
  }

  /** They said it. */
  forget(/** @type {string} */ id) {
    this.#typists.delete(id);
  }

  get names() {
    const now = this.now();
    return [...this.#typists.values()].filter(({ until }) => until > now).map(({ name }) => name);
  }
}
