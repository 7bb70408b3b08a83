// Between two films, over the picture: which one comes next, in how many seconds, and the ways to hurry or to stay.

import { ahead } from "../dom/ahead.js";
import { h, icon } from "../dom/html.js";
import { posters } from "../dom/posters.js";
import { mayQueue, secondsLeft } from "../lib/queue.js";
import { positionAt } from "../lib/timeline.js";

/** @typedef {import("../lib/party.js").Party} Party */

const LOOK_EVERY_MS = 250;
/** So long before its end, s, the next film is asked for. */
const SOON = 30;

class WpPartyNext extends HTMLElement {
  /** @type {Party | null} */
  party = null;
  #picture = h("img", { class: "next-picture", alt: "", width: 160, height: 90 });
  #title = h("h2", {});
  #seconds = h("span", { class: "next-seconds" });
  #told = h("p", { class: "visually-hidden", role: "status" });
  #ways = h(
    "div",
    { class: "cluster" },
    h("button", { class: "button primary", type: "button", onclick: () => this.#now() }, icon("play"), "Play now"),
    h("button", { class: "button", type: "button", onclick: () => this.party?.changeQueue("stay") }, "Stay"),
  );
  /** The film it counts down to, by its item's id. */
  #shown = "";
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #timer;
  #draw = () => this.#show();

  connectedCallback() {
    this.replaceChildren(
      h("div", { class: "next-card", hidden: true }, this.#picture, h("div", { class: "next-words" }, h("p", { class: "soft small" }, "Next, in ", this.#seconds), this.#title, this.#ways)),
      this.#told,
    );
    for (const event of ["queue", "welcome", "room", "members", "connection"]) this.party?.addEventListener(event, this.#draw);
    posters.addEventListener("change", this.#draw);
    this.#timer = setInterval(() => this.#look(), LOOK_EVERY_MS);
    this.#show();
  }

  disconnectedCallback() {
    clearInterval(this.#timer);
    posters.removeEventListener("change", this.#draw);
  }

  #now() {
    const next = this.party?.queue.items[0];
    if (next) this.party?.changeQueue("next", { item_id: next.id });
  }

  #show() {
    const party = this.party;
    const next = party?.queue.next_at == null || party.connection === "over" ? undefined : party.queue.items[0];
    /** @type {HTMLElement} */ (this.firstElementChild).hidden = !next;
    if (!party || !next) {
      this.#shown = "";
      this.#told.textContent = "";
      return;
    }
    this.#title.textContent = next.title;
    this.#ways.hidden = !mayQueue(party);
    this.#paint(posters.of(next));
    this.#look();
    // Said once, not with every second.
    if (this.#shown !== next.id) this.#told.textContent = `${next.title} begins in a few seconds.`;
    this.#shown = next.id;
    void ahead.prepare(next.video_id);
  }

  #paint(/** @type {string | null} */ poster) {
    this.#picture.hidden = !poster;
    if (poster && this.#picture.getAttribute("src") !== poster) this.#picture.src = poster;
  }

  #look() {
    const party = this.party;
    if (!party) return;
    const left = secondsLeft(party.queue.next_at, party.clock.serverNow());
    if (left !== null) this.#seconds.textContent = `${left} s`;
    else if (this.#ends(party)) void ahead.prepare(party.queue.items[0]?.video_id ?? "");
  }

  /** Whether the film is about to be over, and there is another. */
  #ends(/** @type {Party} */ { timeline, queue, clock }) {
    const duration = this.parentElement?.querySelector("video")?.duration ?? NaN;
    if (!timeline?.playing || queue.items[0]?.status !== "ready" || !Number.isFinite(duration)) return false;
    return duration - positionAt(timeline, clock.serverNow(), duration) < SOON;
  }
}

customElements.define("wp-party-next", WpPartyNext);
