// A film by oneself: <wp-watch video-id="…">. The player, what it is called, what is being done to it and why, what can be made
// of it, and the way to watch it together.

import { h, the } from "../dom/html.js";
import { countingViews, later, onceWanted } from "../dom/later.js";
import { sentence, showProblem } from "../dom/problem.js";
import { toast } from "../dom/toast.js";
import { ApiProblem, api } from "../lib/api.js";
import { onEvent, pageEvents } from "../lib/events.js";
import { ago, clock, counted } from "../lib/format.js";
import { JOB_EVENTS, isOpen, isOperation, kindOf, progressed } from "../lib/jobs.js";
import { Rounds } from "../lib/rounds.js";
import { FILM_EVENTS } from "../lib/shelf.js";
import { workOn } from "../lib/unready.js";
import { WpAbout } from "./wp-about.js";
import { WpJobList } from "./wp-job-list.js";
import { WpLikes } from "./wp-likes.js";
import { WpOperations } from "./wp-operations.js";
import { WpPlayer } from "./wp-player.js";

/** @typedef {import("../lib/jobs.js").Job} Job */

/** More jobs of one film than anybody reads. */
const JOBS = 50;
/** How often the page asks how many segments lie ready, of which nobody tells. */
const STOCK_MS = 5000;

class WpWatch extends HTMLElement {
  /** @type {any} */
  #film = null;
  /** @type {Job[]} */
  #jobs = [];
  /** @type {any} */
  #status = null;
  #rounds = new Rounds(() => this.#look(), document, {
    news: pageEvents(),
    names: [...FILM_EVENTS, ...JOB_EVENTS],
    concerns: ({ subject, video_id }) => [subject, video_id].includes(this.#videoId),
    told: STOCK_MS,
  });
  #unheard = () => {};

  disconnectedCallback() {
    this.#unheard();
    this.#rounds.stop();
  }

  async connectedCallback() {
    const player = the(this, "wp-player", WpPlayer);
    player.setAttribute("video-id", this.#videoId);
    void countingViews(player);
    const together = the(this, "[data-together]", HTMLButtonElement);
    together.addEventListener("click", () => void this.#together(together));
    this.addEventListener("wp-job-started", (event) => this.#started(/** @type {CustomEvent<Job>} */ (event).detail));
    for (const change of ["wp-job-changed", "wp-keep-ready-changed"]) this.addEventListener(change, () => this.#rounds.soon());
    this.#unheard = onEvent("JobProgressed", (told) => this.#progressed(told));
    try {
      this.#film = await api.get(this.#path);
      this.#describe();
      this.#offerEditing(player);
      together.hidden = false;
      // At once, so that nothing moves when more is known.
      if (this.#film.mine) the(this, "wp-operations", WpOperations).show(this.#film, []);
      the(this, "wp-likes", WpLikes).show(this.#film);
      this.#rounds.start();
      void this.#talk(player);
    } catch (error) {
      the(this, "[data-title]", HTMLElement).textContent = "Not to be seen here";
      showProblem(this, error);
    }
  }

  /** What people say about it; the page is there before that. */
  async #talk(/** @type {WpPlayer} */ player) {
    const comments = await later("wp-comments", () => import("./wp-comments.js"));
    if (comments) the(this, "[data-comments]", HTMLElement).append(Object.assign(comments, { film: this.#film, player }));
  }

  /** What is said about the film. */
  #describe() {
    const { title, description, tags, duration, owner, created_at, views } = this.#film;
    document.title = `${title} · WatchParty`;
    this.querySelector("wp-player")?.setAttribute("film-title", title);
    the(this, "[data-title]", HTMLElement).textContent = title;
    const facts = [duration ? clock(duration) : null, owner?.display_name, ago(created_at, Date.now()), views ? counted(views, "view", "views") : null];
    the(this, "[data-facts]", HTMLElement).textContent = facts.filter(Boolean).join(" · ");
    the(this, "[data-description]", HTMLElement).textContent = description;
    const links = tags.map((/** @type {string} */ tag) => h("li", {}, h("a", { class: "badge", href: `/?tag=${encodeURIComponent(tag)}` }, tag)));
    the(this, "[data-tags]", HTMLElement).replaceChildren(...links);
  }

  /** The form comes when it is first wanted. @param {WpPlayer} player */
  #offerEditing(player) {
    const edit = the(this, "[data-edit]", HTMLButtonElement);
    edit.hidden = !this.#film.mine;
    const form = onceWanted("wp-film-form", () => import("./wp-film-form.js"), (element) => this.append(element));
    edit.addEventListener("click", () => void form().then((element) => element?.open(this.#videoId, () => player.video.currentTime)));
    this.addEventListener("wp-film-changed", (event) => {
      this.#film = /** @type {CustomEvent} */ (event).detail;
      this.#describe();
    });
  }

  /** What is still being done to the film, how far that is, and what has been made of it. */
  async #look() {
    const [status, { items }] = await Promise.all([
      api.get(`${this.#path}/status`),
      // Its jobs are the business of whoever may change the film.
      this.#film.mine ? api.get(`/jobs?video_id=${encodeURIComponent(this.#videoId)}&limit=${JOBS}`).catch(nothing) : { items: [] },
    ]);
    // Once it is ready it has a length and a size.
    if (status.status !== this.#film.status) this.#film = await api.get(this.#path);
    this.#jobs = items;
    this.#status = status;
    const words = workOn(status);
    the(this, "[data-work]", HTMLElement).textContent = words;
    this.#showJobs();
    the(this, "wp-about", WpAbout).show(this.#film, status, this.#jobs);
    if (this.#film.mine) the(this, "wp-operations", WpOperations).show(this.#film, status.renditions);
    return words !== "" || ["uploaded", "processing"].includes(status.status) || this.#jobs.some(isOpen);
  }

  /** @param {any} told as the event JobProgressed says it */
  #progressed(told) {
    if (told.video_id !== this.#videoId || !this.#status) return;
    this.#jobs = this.#jobs.map((job) => (job.id === told.subject && job.status === "running" ? progressed(job, told) : job));
    this.#showJobs();
    // What is made ahead of viewers is what the line below the title speaks of.
    if (!["fill", "keep"].includes(told.job)) return;
    the(this, "[data-work]", HTMLElement).textContent = workOn({ ...this.#status, progress: told.progress, speed: told.speed, eta_seconds: told.seconds_left });
  }

  /** What people had made of it. */
  #showJobs() {
    const made = this.#jobs.filter(isOperation);
    the(this, "[data-made]", HTMLElement).hidden = made.length === 0;
    this.#made.show(made);
  }

  /** @param {Job} job as the server made it */
  #started(job) {
    this.#jobs = [job, ...this.#jobs.filter(({ id }) => id !== job.id)];
    this.#showJobs();
    toast(`${kindOf(job)} has begun.`, { action: { label: "Show", run: () => this.#made.focusOn(job.id) } });
    this.#rounds.soon();
  }

  get #made() {
    return the(this, "[data-made] wp-job-list", WpJobList);
  }

  get #videoId() {
    return this.getAttribute("video-id") ?? "";
  }

  get #path() {
    return `/videos/${encodeURIComponent(this.#videoId)}`;
  }

  /** A room with this film in it; who may come in can be changed there. */
  async #together(/** @type {HTMLButtonElement} */ button) {
    button.disabled = true;
    try {
      const name = (the(this, "[data-title]", HTMLElement).textContent ?? "").slice(0, 40) || "Film night";
      const room = await api.post("/rooms", { name, video_id: this.#videoId, admission: "open", control: "everyone" });
      location.assign(`/rooms/${encodeURIComponent(room.id)}`);
    } catch (error) {
      toast(sentence(error));
      button.disabled = false;
    }
  }
}

/** The film can be watched without knowing its jobs. */
function nothing(/** @type {unknown} */ error) {
  if (!(error instanceof ApiProblem)) throw error;
  return { items: [] };
}

customElements.define("wp-watch", WpWatch);
