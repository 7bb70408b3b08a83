// What people say below a film: <wp-comments>, given its `film` and `player`, once somebody looks at the film's page.

import "./wp-comment-list.js";

import { h, icon } from "../dom/html.js";
import { sentence } from "../dom/problem.js";
import { toast } from "../dom/toast.js";
import { ApiProblem, api } from "../lib/api.js";
import { namable } from "../lib/comments.js";
import { WpCommentForm } from "./wp-comment-form.js";
import { WpCommentList } from "./wp-comment-list.js";

/** @typedef {import("../lib/comments.js").Author} Author */
/** @typedef {import("./wp-comment-form.js").Talk} Talk */

class WpComments extends HTMLElement {
  /** As the server writes it. @type {any} */
  film = null;
  /** @type {import("./wp-player.js").WpPlayer | null} */
  player = null;
  /** @type {Author[]} */
  #others = [];
  #list = new WpCommentList();
  #count = h("span", { class: "soft" });
  #news = h("p", { class: "visually-hidden", role: "status" });
  #empty = h("div", { class: "empty small-one", hidden: true }, icon("chat"), h("p", {}, "Nobody has said anything yet. Be the first."));
  #sort = h("select", { class: "input comment-sort", "aria-label": "Order of the comments", hidden: true, onchange: () => void this.#begin() }, h("option", { value: "newest" }, "Newest first"), h("option", { value: "oldest" }, "Oldest first"));

  connectedCallback() {
    if (!this.film || this.#list.isConnected) return;
    const talk = this.#talk();
    const send = async (/** @type {{text: string, at: number | null}} */ words) => {
      const made = await api.post(talk.path, words);
      this.#list.add(made, this.#sort.value === "newest");
      talk.count(1);
      talk.say("Your comment was added.");
      this.#list.row(made.id)?.scrollIntoView({ block: "nearest" });
    };
    this.#list.talk = talk;
    this.append(
      h("div", { class: "cluster apart" }, h("h2", { id: "comments" }, "Comments ", this.#count), this.#sort),
      new WpCommentForm(talk, { label: "Say something about this film", button: "Comment", send }),
      this.#news,
      this.#list,
      this.#empty,
    );
    this.#list.addEventListener("wp-comments-shown", () => this.#show());
    this.addEventListener("wp-moment", (event) => this.#go(/** @type {CustomEvent<number>} */ (event).detail));
    this.#show();
    void this.#begin();
    void this.#meet();
  }

  /** @returns {Talk} */
  #talk() {
    const { film, player } = this;
    const you = document.body.dataset.person ?? "";
    return {
      path: `/videos/${encodeURIComponent(film.id)}/comments`,
      you,
      people: () => namable(this.#list.comments, this.#others, you),
      position: () => (player && Number.isFinite(player.video.duration) ? Math.min(player.video.currentTime, film.duration ?? 0) : null),
      say: (text) => (this.#news.textContent = text),
      count: (by) => {
        film.comments += by;
        this.#show();
      },
    };
  }

  #show() {
    const { comments } = this.film;
    this.#count.textContent = comments > 0 ? new Intl.NumberFormat().format(comments) : "";
    this.#sort.hidden = this.#list.comments.length < 2;
    this.#empty.hidden = comments > 0 || this.#list.comments.length > 0;
  }

  /** Whose film it is can be meant before they have said anything. */
  async #meet() {
    const { users } = await api.post("/users/populate", { ids: [this.film.owner.id] }).catch(() => ({ users: [] }));
    this.#others = users;
  }

  /** From the beginning, with the comment above all that the address names. */
  async #begin() {
    this.#list.query = `sort=${this.#sort.value}`;
    const id = new URLSearchParams(location.search).get("comment");
    const found = id ? await this.#linked(id) : [];
    await this.#list.start(found.slice(0, 1));
    const [top, answer] = found;
    if (!top) return;
    const row = this.#list.row(top.id);
    if (!answer) return row?.find();
    await row?.unfold(true);
    const answers = row?.querySelector("wp-comment-list");
    if (answers instanceof WpCommentList) {
      answers.add(answer);
      answers.row(answer.id)?.find();
    }
  }

  /** The comment, or the one that it answers and itself. */
  async #linked(/** @type {string} */ id) {
    try {
      const comment = await api.get(`/comments/${encodeURIComponent(id)}`);
      return comment.parent_id ? [await api.get(`/comments/${encodeURIComponent(comment.parent_id)}`), comment] : [comment];
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      toast(error.status === 404 ? "That comment is gone." : sentence(error));
      return [];
    }
  }

  #go(/** @type {number} */ seconds) {
    const { player, film } = this;
    if (!player) return;
    player.dispatchEvent(new CustomEvent("wp-chapter", { detail: Math.min(seconds, film.duration ?? seconds) }));
    player.scrollIntoView({ block: "nearest" });
  }
}

customElements.define("wp-comments", WpComments);
