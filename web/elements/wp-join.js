// Coming into a room: <wp-join token="…"> by a link, <wp-join room-id="…"> by its address, <wp-join pin> by six digits. The
// press on the button is also the gesture that lets the film have its sound, so the room takes this page's place instead of
// being another one.

import { submits, values } from "../dom/form.js";
import { h, the } from "../dom/html.js";
import { later } from "../dom/later.js";
import { sentence, showProblem } from "../dom/problem.js";
import { remember, remembered } from "../dom/memory.js";
import { api, ApiProblem } from "../lib/api.js";
import { answered } from "../lib/knocking.js";

/** @typedef {{name: string, host: string, admission: string, has_password: boolean, enters: boolean}} Door */

const DENIED = "The host has not let you in this time.";
const ASKED_TOO_LONG = "Your request is no longer there: it was withdrawn, or the room has been closed.";
/** What comes in this page's place. */
const room = () => import("./wp-party.js");

class WpJoin extends HTMLElement {
  #abort = new AbortController();

  async connectedCallback() {
    const form = the(this, "form", HTMLFormElement);
    const name = this.querySelector("input[name=name]");
    if (name instanceof HTMLInputElement && !name.value) name.value = remembered("name") ?? "";
    submits(form, () => this.#join(values(form)));
    the(this, "[data-withdraw]", HTMLButtonElement).addEventListener("click", () => void this.#withdraw());
    const look = this.#token ? this.#lookAtLink() : this.#roomId ? this.#lookAtDoor() : Promise.resolve();
    await look.catch((error) => showProblem(form, error));
    // By the time somebody has written their name, the room is here, and what plays its film.
    Promise.all([room(), import("./wp-chat.js"), import("./wp-player-menu.js"), import("../dom/stream.js")]).catch(() => null);
    if (this.#token && this.hasAttribute("known") && !form.hidden) form.requestSubmit();
    if (this.#asked) await this.#wait(this.#asked);
  }

  disconnectedCallback() {
    this.#abort.abort();
  }

  get #token() {
    return this.getAttribute("token");
  }

  get #roomId() {
    return this.getAttribute("room-id") ?? "";
  }

  /** The request one is waiting with, kept while the tab is, so that loading the page again is not knocking again. */
  get #asked() {
    return this.#roomId ? sessionStorage.getItem(`watchparty.asked.${this.#roomId}`) : null;
  }

  set #asked(/** @type {string | null} */ requestId) {
    const key = `watchparty.asked.${this.#roomId}`;
    if (requestId) sessionStorage.setItem(key, requestId);
    else sessionStorage.removeItem(key);
  }

  /** A link that leads nowhere any more says so before anybody types. */
  async #lookAtLink() {
    const { valid, name, host } = await api.get(`/guest/validate/${encodeURIComponent(this.#token ?? "")}`);
    if (!valid) return this.#dead("This invitation does not open a room, or not any more. Ask whoever sent it for a new one.");
    this.#title(name, host);
  }

  async #lookAtDoor() {
    /** @type {Door} */
    let door;
    try {
      door = await api.get(`/rooms/${encodeURIComponent(this.#roomId)}/door`);
    } catch (error) {
      if (error instanceof ApiProblem && error.status === 404) return this.#dead("There is no such room, or one comes in by invitation only. Ask its host for a link.");
      throw error;
    }
    this.#title(door.name, door.host);
    const knocks = door.admission === "approval";
    if (this.hasAttribute("known")) await this.#lookInside();
    if (door.admission === "invite") this.#dead("One comes into this room by invitation only. Ask its host for a link.");
    this.#offer("password", door.has_password);
    this.#offer("message", knocks);
    the(this, "[data-lead]", HTMLElement).textContent = knocks ? "Ask to be let into" : "Come into";
    the(this, "button[type=submit]", HTMLButtonElement).textContent = knocks ? "Ask to come in" : "Join";
  }

  /** Whoever has an account sees what is on where they may see the film. */
  async #lookInside() {
    const { film } = await api.get(`/rooms/${encodeURIComponent(this.#roomId)}`);
    if (!film) return;
    const place = the(this, "[data-film]", HTMLElement);
    place.replaceChildren(film.poster_url ? h("img", { src: film.poster_url, alt: "" }) : "", h("p", { class: "soft" }, `On: ${film.title}`));
    place.hidden = false;
  }

  #title(/** @type {string | null} */ name, /** @type {string | null} */ host) {
    if (name) the(this, "[data-room]", HTMLElement).textContent = name;
    if (host) the(this, "[data-host]", HTMLElement).textContent = `${host}'s room`;
  }

  /** A field that this door asks for; what is not asked for is not sent. */
  #offer(/** @type {string} */ name, /** @type {boolean} */ wanted) {
    const input = the(this, `input[name=${name}]`, HTMLInputElement);
    input.disabled = !wanted;
    const field = input.closest(".field");
    if (field instanceof HTMLElement) field.hidden = !wanted;
  }

  #dead(/** @type {string} */ words) {
    the(this, "form", HTMLFormElement).hidden = true;
    the(this, "[data-dead]", HTMLElement).hidden = false;
    the(this, "[data-dead] p", HTMLElement).textContent = words;
  }

  async #join(/** @type {import("../dom/form.js").Values} */ given) {
    const name = given.name?.trim();
    if (name) remember("name", name);
    if (this.#roomId) return await this.#ask({ ...given, name });
    const way = this.#token ? { token: this.#token } : { pin: given.pin?.replace(/\D/g, "") };
    const { room_id } = await api.post("/rooms/join", { ...way, name });
    await this.#show(room_id);
  }

  async #ask(/** @type {Record<string, string | undefined>} */ given) {
    const answer = await api.post(`/rooms/${encodeURIComponent(this.#roomId)}/access-requests`, given);
    if (answer.status !== "pending") return await this.#show(this.#roomId);
    this.#asked = answer.request_id;
    void this.#wait(answer.request_id);
  }

  async #wait(/** @type {string} */ requestId) {
    const form = the(this, "form", HTMLFormElement);
    this.#waiting(true);
    const wait = (/** @type {number} */ ms) => /** @type {Promise<void>} */ (new Promise((done) => setTimeout(done, ms)));
    const outcome = await answered(requestId, api, wait, this.#abort.signal);
    if (this.#abort.signal.aborted) return;
    const withdrawn = this.#asked === null;
    this.#asked = null;
    this.#waiting(false);
    if (outcome === "approved") return await this.#show(this.#roomId);
    if (outcome === "denied") showProblem(form, new ApiProblem({ status: 403, detail: DENIED }));
    else if (!withdrawn) showProblem(form, new ApiProblem({ status: 404, detail: ASKED_TOO_LONG }));
  }

  async #withdraw() {
    const requestId = this.#asked;
    if (!requestId) return;
    this.#asked = null;
    try {
      await api.delete(`/access-requests/${encodeURIComponent(requestId)}`);
    } catch (error) {
      this.#asked = requestId;
      the(this, "[data-knocking-words]", HTMLElement).textContent = sentence(error);
    }
  }

  #waiting(/** @type {boolean} */ waiting) {
    the(this, "form", HTMLFormElement).hidden = waiting;
    the(this, "[data-knocking]", HTMLElement).hidden = !waiting;
  }

  async #show(/** @type {string} */ roomId) {
    const party = await later("wp-party", room);
    if (!party) return;
    party.setAttribute("room-id", roomId);
    party.setAttribute("way-out", this.hasAttribute("known") ? "/rooms" : "/");
    history.replaceState(null, "", `/rooms/${encodeURIComponent(roomId)}`);
    document.body.classList.remove("at-the-door");
    document.body.classList.add("cinema", "in-room");
    the(document, "#main", HTMLElement).replaceChildren(party);
  }
}

customElements.define("wp-join", WpJoin);
