/**
 * What was done last in a room, by whom and when.
 *
 * A room says two things about its going on: the timeline with its cause, and notices. Here they become one sentence, so
 * that "everybody has caught up" is not said of somebody who was left behind.
 *
 * Event: "doing", whenever there is something new to say.
 *
 * @typedef {import("./party.js").Party} Party
 * @typedef {import("./timeline.js").Timeline} Timeline
 * @typedef {{words: string, at: number, waits: boolean}} Doing  `at` on the server's clock, ms; `waits`: it lasts until the next
 */
import { told, waiting } from "./telling.js";

/** What the room does right after it went on without somebody is part of that, ms. */
const OUTCOME_MS = 1000;

export class Doings extends EventTarget {
  /** @type {Doing | null} */
  last = null;

  /** @param {Party} party */
  constructor(party) {
    super();
    this.party = party;
    party.addEventListener("welcome", () => (this.#greeted = true));
    party.addEventListener("timeline", () => this.#follow());
    party.addEventListener("notice", (event) => this.#hear(/** @type {CustomEvent} */ (event).detail));
  }

  /** Whether the next timeline is what one came to, rather than something that happens. */
  #greeted = true;
  #key = "";
  #leftBehindAt = -Infinity;

  #follow() {
    const { timeline, you } = this.party;
    if (!timeline) return;
    const greeted = this.#greeted;
    this.#greeted = false;
    const late = timeline.waiting_for ?? [];
    const key = `${timeline.revision} ${late.join(" ")}`;
    if (key === this.#key) return;
    const goesOn = this.#key.startsWith(`${timeline.revision} `);
    this.#key = key;
    const now = this.party.clock.serverNow();
    if (late.length > 0) return this.#say(waiting(late.map((id) => this.#named(id))), now, true);
    // Nobody is waited for any more under the same revision: what is told now was told before.
    if (goesOn || now - this.#leftBehindAt < OUTCOME_MS) return;
    // A room that is new, or was read from disk, has a film that nobody put on just now.
    if (greeted && timeline.cause === "load") return;
    this.#say(told(timeline, this.party.nameOf(timeline.by), timeline.by !== null && timeline.by === you?.id), Math.min(timeline.at, now));
  }

  #hear(/** @type {{code: string, text: string}} */ { code, text }) {
    if (code !== "excused") return;
    this.#leftBehindAt = this.party.clock.serverNow();
    this.#say(text, this.#leftBehindAt);
  }

  #named(/** @type {string} */ id) {
    return id === this.party.you?.id ? "you" : (this.party.nameOf(id) ?? "somebody");
  }

  #say(/** @type {string} */ words, /** @type {number} */ at, waits = false) {
    // A start is told when it is agreed on and again when it happens.
    if (!words || words === this.last?.words) return;
    this.last = { words, at, waits };
    this.dispatchEvent(new Event("doing"));
  }
}
