// A film by oneself: <wp-watch video-id="…">. The player, what it is called, and the way to watch it together.

import { the } from "../dom/html.js";
import { sentence, showProblem } from "../dom/problem.js";
import { toast } from "../dom/toast.js";
import { api } from "../lib/api.js";
import { ago, clock } from "../lib/format.js";
import { workOn } from "../lib/unready.js";
import { WpPlayer } from "./wp-player.js";

/** How often it is asked how far the film is, ms: often while something is being done, seldom once nothing is. */
const BUSY_MS = 2000;
const IDLE_MS = 15_000;
/** With nothing to do for this many questions in a row nothing will come by itself. */
const QUIET = 3;

class WpWatch extends HTMLElement {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  disconnectedCallback() {
    clearTimeout(this.#timer);
  }

  async connectedCallback() {
    const player = the(this, "wp-player", WpPlayer);
    player.setAttribute("video-id", this.#videoId);
    const together = the(this, "[data-together]", HTMLButtonElement);
    together.addEventListener("click", () => void this.#together(together));
    try {
      const { title, description, duration, owner, created_at } = await api.get(`/videos/${encodeURIComponent(this.#videoId)}`);
      document.title = `${title} · WatchParty`;
      player.setAttribute("film-title", title);
      the(this, "[data-title]", HTMLElement).textContent = title;
      const facts = [duration ? clock(duration) : null, owner?.display_name, ago(created_at, Date.now())];
      the(this, "[data-facts]", HTMLElement).textContent = facts.filter(Boolean).join(" · ");
      the(this, "[data-description]", HTMLElement).textContent = description;
      together.hidden = false;
      void this.#follow(0);
    } catch (error) {
      the(this, "[data-title]", HTMLElement).textContent = "Not to be seen here";
      showProblem(this, error);
    }
  }

  /** What is still being done to the film, and how far that is. */
  async #follow(/** @type {number} */ quiet) {
    const status = await api.get(`/videos/${encodeURIComponent(this.#videoId)}/status`).catch(() => null);
    if (!this.isConnected) return;
    const words = status ? workOn(status) : "";
    the(this, "[data-work]", HTMLElement).textContent = words;
    const calm = words || status?.status !== "ready" ? 0 : quiet + 1;
    if (calm < QUIET) this.#timer = setTimeout(() => void this.#follow(calm), words ? BUSY_MS : calm === 1 ? BUSY_MS : IDLE_MS);
  }

  get #videoId() {
    return this.getAttribute("video-id") ?? "";
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

customElements.define("wp-watch", WpWatch);
