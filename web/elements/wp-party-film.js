// Over the stage before anything plays: that there is no film yet and what to do about it, or the film that is about to begin,
// who is here, and what one waits for.

import { h, icon } from "../dom/html.js";
import { api, ApiProblem } from "../lib/api.js";
import { clock } from "../lib/format.js";
import { begins, listed, notBegun } from "../lib/waiting-room.js";

/** @typedef {import("../lib/party.js").Party} Party */
/** @typedef {{id: string, title: string, duration: number | null, poster_url: string | null, status: string}} Film */

class WpPartyFilm extends HTMLElement {
  /** @type {Party | null} */
  party = null;
  /** @type {Film | null} */
  #film = null;
  #asked = "";
  #drawn = "";

  connectedCallback() {
    for (const event of ["timeline", "welcome", "room", "members"]) this.party?.addEventListener(event, () => this.#show());
    this.party?.addEventListener("video", () => !this.#film && ((this.#asked = ""), this.#show()));
    this.#show();
  }

  #show() {
    const timeline = this.party?.timeline;
    const empty = timeline?.video_id === null;
    const waits = Boolean(timeline?.video_id) && notBegun(timeline);
    if (waits) void this.#learn(timeline?.video_id ?? "");
    const film = waits && this.#film?.id === timeline?.video_id && this.#film?.status === "ready" ? this.#film : null;
    this.hidden = !empty && !film;
    this.classList.toggle("before", Boolean(film));
    if (film) this.#before(film);
    else if (empty) this.#none();
  }

  async #learn(/** @type {string} */ id) {
    if (this.#asked === id) return;
    this.#asked = id;
    try {
      this.#film = await api.get(`/videos/${encodeURIComponent(id)}`);
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      this.#film = null; // the player says why
    }
    this.#show();
  }

  #before(/** @type {Film} */ { title, duration, poster_url }) {
    const party = /** @type {Party} */ (this.party);
    const may = party.may("play");
    const key = [title, duration, may, party.timeline?.starting, ...party.members.map(({ name }) => name)].join("\n");
    if (key === this.#drawn) return;
    this.#drawn = key;
    const start = h("button", { class: "button primary", type: "button", onclick: () => party.play() }, icon("play"), "Start the film");
    this.replaceChildren(
      poster_url ? h("img", { class: "before-poster", src: poster_url, alt: "" }) : icon("film"),
      h("h2", {}, title),
      duration ? h("p", { class: "small" }, clock(duration)) : "",
      h("p", {}, `Here: ${listed(party.members.map(({ name }) => name))}`),
      h("p", { role: "status" }, begins(party.members, party.room?.rights, party.room?.host?.display_name, may)),
      may ? start : "",
    );
  }

  #none() {
    const party = /** @type {Party} */ (this.party);
    const mayPick = party.may("queue") && party.you?.role !== "guest";
    const key = `none ${mayPick}`;
    if (key === this.#drawn) return;
    this.#drawn = key;
    const pick = () => document.dispatchEvent(new Event("wp-pick-film"));
    this.replaceChildren(
      icon("film"),
      h("h2", {}, "No film yet"),
      h("p", {}, mayPick ? "Pick one, and everybody here sees it." : "It begins here as soon as somebody picks one."),
      mayPick ? h("button", { class: "button primary", type: "button", onclick: pick }, "Pick a film") : "",
    );
  }
}

customElements.define("wp-party-film", WpPartyFilm);
