// How the server stands: room on the disk, whose films take it, and how many there are of everything.

import { h, icon } from "../dom/html.js";
import { sentence } from "../dom/problem.js";
import { api } from "../lib/api.js";
import { counted, percent, size } from "../lib/format.js";
import { Rounds } from "../lib/rounds.js";

/**
 * @typedef {{id: string, username: string, display_name: string, videos: number, original_bytes: number, cache_bytes: number}} Owned
 * @typedef {{id: string, title: string, stored_bytes: number, original_bytes: number | null, kept: boolean}} Stored
 * @typedef {{cache: {bytes: number, kept_bytes: number, cap_bytes: number}, videos: Stored[], users: Owned[],
 *   disk: {total_bytes: number, free_bytes: number, database_bytes: number},
 *   counts: {users: number, sessions: number, videos: Record<string, number>, rooms: number, rooms_open: number, sockets: number},
 *   jobs: {active: number, waiting: number, failed: number, paused: boolean}}} Stats
 */

class WpAdminOverview extends HTMLElement {
  #rounds = new Rounds(() => this.#look(), document, { calm: 10_000 });

  connectedCallback() {
    this.#rounds.start();
  }

  disconnectedCallback() {
    this.#rounds.stop();
  }

  async #look() {
    try {
      this.#show(await api.get("/admin/stats"));
    } catch (error) {
      this.replaceChildren(h("p", { class: "notice bad", role: "alert" }, sentence(error)));
      throw error;
    }
    return false;
  }

  /** @param {Stats} stats */
  #show(stats) {
    const { counts, jobs } = stats;
    const films = Object.values(counts.videos).reduce((all, some) => all + some, 0);
    const facts = [
      ["People", String(counts.users), counted(counts.sessions, "device", "devices")],
      ["Films", String(films), counts.videos.failed ? `${counts.videos.failed} failed` : ""],
      ["Rooms", String(counts.rooms), `${counts.rooms_open} open now`],
      ["Sockets", String(counts.sockets), ""],
      ["Jobs", String(jobs.active), jobs.paused ? "paused" : `${jobs.waiting} waiting`],
    ];
    this.replaceChildren(
      h("dl", { class: "queue-facts" }, ...facts.map(([label, value, hint]) => h("div", {}, h("dt", {}, label), h("dd", {}, value, hint ? h("span", { class: "hint" }, hint) : null)))),
      h("div", { class: "columns even" }, this.#disk(stats), h("div", { class: "stack loose" }, this.#people(stats.users), this.#films(stats.videos))),
    );
  }

  /** @param {Stats} stats */
  #disk({ disk, cache }) {
    const used = disk.total_bytes - disk.free_bytes;
    const part = used / Math.max(1, disk.total_bytes);
    const pairs = [
      ["Free", size(disk.free_bytes)],
      ["Database", size(disk.database_bytes)],
      ["Made segments", `${size(cache.bytes)} of ${size(cache.cap_bytes)}`],
      ["Kept ready", size(cache.kept_bytes)],
    ];
    return h(
      "section",
      { class: "card stack", "aria-labelledby": "disk" },
      h("h2", { id: "disk" }, "Disk"),
      h("p", {}, `${size(used)} of ${size(disk.total_bytes)} used`, h("span", { class: "soft" }, ` · ${percent(part)}`)),
      h("progress", { max: 1, value: part, "aria-label": "Room used on the disk" }),
      h("dl", { class: "pairs" }, ...pairs.map(([label, value]) => h("div", {}, h("dt", {}, label), h("dd", {}, value)))),
    );
  }

  /** @param {Owned[]} users */
  #people(users) {
    const rows = users.slice(0, 10).map((user) =>
      h("div", {}, h("dt", {}, `${user.display_name} · ${counted(user.videos, "film", "films")}`), h("dd", {}, size(user.original_bytes + user.cache_bytes))),
    );
    const none = h("p", { class: "soft" }, "Nobody has added a film yet.");
    return h("section", { class: "card stack", "aria-labelledby": "by-person" }, h("h2", { id: "by-person" }, "By person"), rows.length ? h("dl", { class: "pairs" }, ...rows) : none);
  }

  /** @param {Stored[]} videos */
  #films(videos) {
    const rows = videos.slice(0, 10).map((film) =>
      h("li", {}, h("a", { href: `/videos/${encodeURIComponent(film.id)}` }, film.title), h("span", {}, size(film.stored_bytes), film.kept ? h("span", { class: "badge" }, "Kept ready") : null)),
    );
    const none = h("div", { class: "empty small-one" }, icon("film"), h("p", {}, "Segments are made when somebody watches. None take room at the moment."));
    return h("section", { class: "card stack", "aria-labelledby": "by-film" }, h("h2", { id: "by-film" }, "Made segments by film"), rows.length ? h("ul", { class: "pairs", role: "list" }, ...rows) : none);
  }
}

customElements.define("wp-admin-overview", WpAdminOverview);
