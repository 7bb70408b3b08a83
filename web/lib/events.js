/**
 * What happens on the server, while it does: one line a page, taken up again by itself, and let go while nobody looks.
 *
 * @typedef {{data: any, id: string}} News
 * @typedef {(data: any) => void} Callback
 * @typedef {EventTarget & {hidden: boolean}} Page
 * @typedef {EventTarget & {readyState: number, close(): void}} Line  an EventSource
 * @typedef {{set: (call: () => void, ms: number) => unknown, clear: (timer: any) => void}} Timers
 */
import { api } from "./api.js";

/** A browser has six connections to a server for all of its tabs: one that nobody sees gives its own back after this long. */
export const HIDDEN_MS = 20_000;
const FIRST_MS = 2000;
const LONGEST_MS = 60_000;
/** EventSource.CLOSED */
const CLOSED = 2;

/** @type {Timers} */
const TIMERS = { set: (call, ms) => setTimeout(call, ms), clear: (timer) => clearTimeout(timer) };

export class Events {
  #connect;
  #page;
  #renew;
  #timers;
  /** @type {Map<string, Set<Callback>>} */
  #listeners = new Map();
  /** Names that the line of the moment was asked for. @type {Set<string>} */
  #asked = new Set();
  /** @type {Line | null} */
  #line = null;
  #lastId = "";
  #failures = 0;
  /** @type {unknown} */
  #timer = null;
  #open = false;

  /**
   * @param {object} world
   * @param {(url: string) => Line} world.connect
   * @param {Page} world.page the document
   * @param {() => Promise<unknown>} world.renew renews the session where it has run out
   * @param {Timers} [world.timers]
   */
  constructor({ connect, page, renew, timers = TIMERS }) {
    this.#connect = connect;
    this.#page = page;
    this.#renew = renew;
    this.#timers = timers;
    page.addEventListener("visibilitychange", () => this.#seen());
  }

  /** Whether events are coming: until then, and when not, one has to ask. */
  get open() {
    return this.#open;
  }

  /**
   * Have `callback` called with the data of every event of this name. `open` comes each time there is a line, and when something
   * was missed: whoever shows what the server said before has to ask anew. `gone` comes when there is none any more.
   *
   * @param {string} name
   * @param {Callback} callback
   * @returns {() => void} ends it
   */
  on(name, callback) {
    const known = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, known.add(callback));
    if (this.#line) this.#ask(name);
    else if (!this.#page.hidden && this.#timer === null) this.#take();
    return () => known.delete(callback);
  }

  #take() {
    this.#timers.clear(this.#timer);
    this.#timer = null;
    const line = this.#connect(`/api/v1/events${this.#lastId ? `?last_event_id=${encodeURIComponent(this.#lastId)}` : ""}`);
    this.#line = line;
    this.#asked.clear();
    line.addEventListener("open", () => this.#opened(line));
    line.addEventListener("error", () => this.#failed(line));
    line.addEventListener("missed", () => this.#tell("open", null));
    for (const name of this.#listeners.keys()) this.#ask(name);
  }

  #ask(/** @type {string} */ name) {
    if (name === "open" || name === "gone" || this.#asked.has(name)) return;
    this.#asked.add(name);
    const line = this.#line;
    line?.addEventListener(name, (event) => {
      const { data, lastEventId } = /** @type {MessageEvent<string>} */ (event);
      if (line !== this.#line) return;
      if (lastEventId) this.#lastId = lastEventId;
      this.#tell(name, JSON.parse(data));
    });
  }

  #opened(/** @type {Line} */ line) {
    if (line !== this.#line) return;
    this.#open = true;
    this.#failures = 0;
    this.#tell("open", null);
  }

  /** The browser comes back by itself from a line that broke; not from an answer that was none. */
  #failed(/** @type {Line} */ line) {
    if (line !== this.#line) return;
    this.#lost();
    if (line.readyState !== CLOSED) return;
    this.#line = null;
    this.#failures += 1;
    const wait = Math.min(LONGEST_MS, FIRST_MS * 2 ** (this.#failures - 1));
    this.#timer = this.#timers.set(() => void this.#again(), wait);
  }

  async #again() {
    // Perhaps the session has run out, which an EventSource cannot tell. Whatever comes of it shows in the next answer.
    await this.#renew().catch(() => null);
    if (this.#line || this.#page.hidden) return;
    this.#take();
  }

  #seen() {
    this.#timers.clear(this.#timer);
    this.#timer = null;
    if (this.#page.hidden) this.#timer = this.#timers.set(() => this.#leave(), HIDDEN_MS);
    else if (!this.#line && this.#listeners.size > 0) this.#take();
  }

  #leave() {
    this.#timer = null;
    this.#line?.close();
    this.#line = null;
    this.#lost();
  }

  #lost() {
    if (!this.#open) return;
    this.#open = false;
    this.#tell("gone", null);
  }

  #tell(/** @type {string} */ name, /** @type {any} */ data) {
    for (const callback of [...(this.#listeners.get(name) ?? [])]) callback(data);
  }
}

/** @type {Events | null} */
let ours = null;

/** The line of this page, made when somebody first wants to hear something. */
export function pageEvents() {
  ours ??= new Events({ connect: (url) => new EventSource(url), page: document, renew: () => api.get("/users/me") });
  return ours;
}

/** As `Events.on`, over the one line of this page. @param {string} name @param {Callback} callback */
export function onEvent(name, callback) {
  return pageEvents().on(name, callback);
}
