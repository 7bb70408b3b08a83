// What the room watches next: one film after another, moved by dragging or by keys, taken out with a way back.

import { h, icon } from "../dom/html.js";
import { posters } from "../dom/posters.js";
import { toast } from "../dom/toast.js";
import { clock } from "../lib/format.js";
import { ballot, mayAdd, mayQueue, placeAt, placeByKey, sum } from "../lib/queue.js";

/** @typedef {import("../lib/party.js").Party} Party */
/** @typedef {import("../lib/queue.js").Item} Item */

const WORDS = { ready: "", preparing: "still being prepared", failed: "cannot be played" };

class WpQueue extends HTMLElement {
  /** @type {Party | null} */
  party = null;
  #sum = h("p", { class: "queue-sum soft small" });
  #head = h("div", { class: "queue-head" });
  #list = h("ol", { class: "queue-list", role: "list", "aria-label": "Films to come" });
  #said = h("p", { class: "visually-hidden", role: "status" });
  /** The row that is being dragged, and where it lay before. @type {{row: HTMLElement, from: number} | null} */
  #drag = null;
  /** The item whose handle is to have the focus when the room has moved it. */
  #focus = "";
  #draw = () => this.#show();

  connectedCallback() {
    this.replaceChildren(this.#head, this.#list, this.#said);
    for (const event of ["queue", "welcome", "room", "members"]) this.party?.addEventListener(event, this.#draw);
    posters.addEventListener("change", this.#draw);
    this.#show();
  }

  disconnectedCallback() {
    posters.removeEventListener("change", this.#draw);
  }

  #show() {
    const party = this.party;
    if (!party || this.#drag) return; // whoever drags sees the list as it is when they let go
    const { items } = party.queue;
    void posters.want(party.room?.id ?? "", items);
    this.#drawHead(party);
    const focused = this.#focused();
    // Rows are kept while their film stays, so that a pointer or a reader on one is not thrown off.
    const rows = new Map([...this.#list.children].map((row) => [/** @type {HTMLElement} */ (row).dataset.id, row]));
    this.#list.replaceChildren(...items.map((item, at) => this.#row(party, item, at, rows.get(item.id))));
    this.#list.hidden = items.length === 0;
    this.#refocus(focused);
  }

  // The head

  #drawHead(/** @type {Party} */ party) {
    const { items } = party.queue;
    const add = () => document.dispatchEvent(new CustomEvent("wp-pick-film"));
    const key = [items.length, sum(items), items[0]?.id, ballot(party.queue), party.queue.votes.includes(party.you?.id ?? ""), mayQueue(party), mayAdd(party), isShared(party)].join("\n");
    if (key === this.#head.dataset.key) return;
    this.#head.dataset.key = key;
    this.#sum.textContent = items.length ? sum(items) : "";
    const adds = mayAdd(party) ? h("button", { class: "button", type: "button", "data-focus": "add", onclick: add }, icon("plus"), "Add films") : null;
    if (items.length === 0) {
      this.#head.replaceChildren(
        h(
          "div",
          { class: "empty small-one" },
          icon("queue"),
          h("h2", {}, "Nothing comes next yet"),
          h("p", {}, adds ? "Films that are added here begin by themselves, one after the other." : "Somebody who may choose films can add some here."),
          adds,
        ),
      );
      return;
    }
    this.#head.replaceChildren(
      h("div", { class: "cluster apart" }, h("div", {}, h("h2", {}, "Up next"), this.#sum), adds),
      h("div", { class: "cluster queue-ways" }, mayQueue(party) ? this.#next(items) : null, isShared(party) ? this.#vote(party) : null),
    );
  }

  #next(/** @type {Item[]} */ items) {
    // By its id: when two press at once, they mean this film.
    const next = () => this.party?.changeQueue("next", { item_id: items.find(({ status }) => status !== "failed")?.id ?? null });
    return h("button", { class: "button primary", type: "button", "data-focus": "next", onclick: next }, icon("next"), "Play next");
  }

  #vote(/** @type {Party} */ party) {
    const mine = party.queue.votes.includes(party.you?.id ?? "");
    const vote = () => party.changeQueue("vote", { on: !mine });
    return h(
      "div",
      { class: "cluster queue-vote" },
      h("button", { class: "button", type: "button", "data-focus": "vote", "aria-pressed": String(mine), onclick: vote }, icon(mine ? "check" : "people"), "Vote to skip"),
      h("span", { class: "soft small" }, ballot(party.queue)),
    );
  }

  // The films

  /**
   * @param {Party} party
   * @param {Item} item
   * @param {number} at
   * @param {Element} [row]
   */
  #row(party, item, at, row = h("li", { class: "queue-row", "data-id": item.id })) {
    const may = mayQueue(party);
    const poster = posters.of(item);
    const place = `${at + 1} of ${party.queue.items.length}`;
    const key = [item.title, item.duration, item.status, may, poster, place, item.by === party.you?.id].join("\n");
    if (row.getAttribute("data-key") === key) return row;
    row.setAttribute("data-key", key);
    const act = (/** @type {string} */ words, /** @type {string} */ sign, /** @type {() => void} */ run) =>
      h("button", { class: "button quiet icon-only", type: "button", "data-focus": `${sign} ${item.id}`, "aria-label": words, title: words, onclick: run }, icon(sign));
    row.replaceChildren(
      ...[
        may ? this.#handle(item, place) : null,
        poster ? h("img", { class: "queue-picture", src: poster, alt: "", loading: "lazy", width: 96, height: 54 }) : h("span", { class: "queue-picture" }, icon("film")),
        this.#words(item),
        may && item.status !== "failed" ? act(`Play ${item.title} now`, "play", () => party.changeQueue("next", { item_id: item.id })) : null,
        may || item.by === party.you?.id ? act(`Remove ${item.title}`, "trash", () => this.#remove(item)) : null,
      ].filter((part) => part !== null),
    );
    return row;
  }

  #words(/** @type {Item} */ { title, duration, by_name, status, by }) {
    const who = by === this.party?.you?.id ? "you" : by_name;
    const facts = [duration ? clock(duration) : null, `added by ${who}`].filter(Boolean).join(" · ");
    const state = WORDS[status] ? h("span", { class: `badge ${status === "failed" ? "bad" : "accent"}` }, WORDS[status]) : null;
    return h("div", { class: "grow queue-words" }, h("span", { class: "queue-title" }, title), h("span", { class: "soft small" }, facts), state);
  }

  #handle(/** @type {Item} */ item, /** @type {string} */ place) {
    const words = `Move ${item.title}, ${place}`;
    return h(
      "button",
      {
        class: "button quiet icon-only queue-grip",
        type: "button",
        "data-focus": `grip ${item.id}`,
        "aria-label": words,
        title: "Drag, or use the arrow keys",
        onkeydown: (/** @type {KeyboardEvent} */ event) => this.#key(event, item),
        onpointerdown: (/** @type {PointerEvent} */ event) => this.#grab(event),
        onpointermove: (/** @type {PointerEvent} */ event) => this.#pull(event),
        onpointerup: () => this.#drop(true),
        onpointercancel: () => this.#drop(false),
      },
      icon("grip"),
    );
  }

  #remove(/** @type {Item} */ item) {
    const items = this.party?.queue.items ?? [];
    const at = items.indexOf(item);
    const beside = items[at + 1] ?? items[at - 1];
    this.#focus = beside ? `trash ${beside.id}` : "add"; // where whoever uses keys goes on
    this.party?.changeQueue("remove", { item_id: item.id });
    const back = () => this.party?.changeQueue("add", { item_id: item.id });
    toast(`“${item.title}” was taken out of the queue.`, { action: { label: "Undo", run: back }, seconds: 8 });
  }

  // Moving

  #key(/** @type {KeyboardEvent} */ event, /** @type {Item} */ item) {
    const items = this.party?.queue.items ?? [];
    const to = placeByKey(event.key, items.findIndex(({ id }) => id === item.id), items.length);
    if (["ArrowUp", "ArrowDown", "Home", "End"].includes(event.key)) event.preventDefault(); // the film would move otherwise
    if (to === null) return;
    this.#focus = `grip ${item.id}`;
    this.#move(item.id, to);
  }

  #move(/** @type {string} */ id, /** @type {number} */ to) {
    const { items = [] } = this.party?.queue ?? {};
    this.party?.changeQueue("move", { item_id: id, index: to });
    const item = items.find((one) => one.id === id);
    if (item) this.#said.textContent = `${item.title}, ${to + 1} of ${items.length}`;
  }

  #grab(/** @type {PointerEvent} */ event) {
    const grip = /** @type {HTMLElement} */ (event.currentTarget);
    const row = /** @type {HTMLElement} */ (grip.closest("li"));
    if (event.button !== 0) return;
    grip.setPointerCapture(event.pointerId);
    this.#drag = { row, from: [...this.#list.children].indexOf(row) };
    row.classList.add("dragged");
  }

  /** The rows make room while the pointer moves; the room is asked once it lets go. */
  #pull(/** @type {PointerEvent} */ { clientY }) {
    if (!this.#drag) return;
    const { row } = this.#drag;
    const others = [...this.#list.children].filter((one) => one !== row);
    const at = placeAt(clientY, others.map((one) => one.getBoundingClientRect().y + one.getBoundingClientRect().height / 2));
    const before = others[at] ?? null;
    // The node with the captured pointer stays where it is: taking it out of the page would let it go.
    if (before !== row.nextElementSibling) for (const other of others.slice(at)) this.#list.append(other);
    if (before !== row.nextElementSibling) for (const other of others.slice(0, at)) row.before(other);
  }

  #drop(/** @type {boolean} */ done) {
    if (!this.#drag) return;
    const { row, from } = this.#drag;
    this.#drag = null;
    row.classList.remove("dragged");
    const to = [...this.#list.children].indexOf(row);
    if (done && to !== from) this.#move(row.dataset.id ?? "", to);
    else this.#show();
  }

  // A row that is drawn anew takes the focus with it.

  #focused() {
    const wanted = this.#focus;
    const active = document.activeElement;
    this.#focus = "";
    return wanted || (this.contains(active) ? (active?.getAttribute("data-focus") ?? "") : "");
  }

  #refocus(/** @type {string} */ name) {
    if (!name || document.activeElement?.getAttribute("data-focus") === name) return;
    /** @type {HTMLElement | null} */ (this.querySelector(`[data-focus="${CSS.escape(name)}"]`))?.focus();
  }
}

/** Whether there is anybody to outvote. */
function isShared(/** @type {Party} */ { members }) {
  return members.length > 1;
}

customElements.define("wp-queue", WpQueue);
