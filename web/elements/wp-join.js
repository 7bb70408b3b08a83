// Coming into a room by a link: <wp-join token="…"> or <wp-join room-id="…">. The press on the button is also the gesture that
// lets the film have its sound, so the room takes this page's place instead of being another one.

import { h, the } from "../dom/html.js";
import { showProblem } from "../dom/problem.js";
import { remember, remembered } from "../dom/memory.js";
import { api } from "../lib/api.js";
import "./wp-party.js";

class WpJoin extends HTMLElement {
  connectedCallback() {
    const form = the(this, "form", HTMLFormElement);
    const name = this.querySelector("input[name=name]");
    if (name instanceof HTMLInputElement && !name.value) name.value = remembered("name") ?? "";
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#join(form);
    });
    if (this.hasAttribute("known")) void this.#join(form);
    else if (this.#token) void this.#look();
  }

  get #token() {
    return this.getAttribute("token");
  }

  /** A link that leads nowhere any more says so before anybody types. */
  async #look() {
    try {
      const { valid, name } = await api.get(`/guest/validate/${encodeURIComponent(this.#token ?? "")}`);
      if (valid && name) the(this, "[data-room]", HTMLElement).textContent = name;
      if (valid === false) this.#dead();
    } catch (error) {
      showProblem(this, error);
    }
  }

  #dead() {
    the(this, "form", HTMLFormElement).hidden = true;
    the(this, "[data-dead]", HTMLElement).hidden = false;
  }

  async #join(/** @type {HTMLFormElement} */ form) {
    const button = the(form, "button[type=submit]", HTMLButtonElement);
    const name = String(new FormData(form).get("name") ?? "").trim();
    if (name) remember("name", name);
    button.setAttribute("aria-busy", "true");
    button.disabled = true;
    showProblem(this, null);
    try {
      const roomId = await this.#enter(name || undefined);
      this.#show(roomId);
    } catch (error) {
      showProblem(this, error);
      button.disabled = false;
    } finally {
      button.removeAttribute("aria-busy");
    }
  }

  /** @returns {Promise<string>} the room's id */
  async #enter(/** @type {string | undefined} */ name) {
    if (this.#token) {
      const { room, room_id } = await api.post("/rooms/join", { token: this.#token, name });
      return room?.id ?? room_id;
    }
    const roomId = this.getAttribute("room-id") ?? "";
    const answer = await api.post(`/rooms/${encodeURIComponent(roomId)}/access-requests`, { name });
    if (answer?.status === "pending") return await this.#knock(roomId, answer.request_id);
    return roomId;
  }

  /**
   * Wait for the host's answer.
   *
   * @param {string} roomId
   * @param {string} requestId
   */
  async #knock(roomId, requestId) {
    the(this, "[data-knocking]", HTMLElement).hidden = false;
    for (;;) {
      await new Promise((done) => setTimeout(done, 1500));
      const { status } = await api.get(`/access-requests/${encodeURIComponent(requestId)}`);
      if (status === "pending") continue;
      the(this, "[data-knocking]", HTMLElement).hidden = true;
      if (status !== "denied") return roomId;
      this.#dead();
      return "";
    }
  }

  #show(/** @type {string} */ roomId) {
    if (!roomId) return;
    history.replaceState(null, "", `/rooms/${encodeURIComponent(roomId)}`);
    document.body.classList.remove("at-the-door");
    document.body.classList.add("cinema", "in-room");
    the(document, "#main", HTMLElement).replaceChildren(h("wp-party", { "room-id": roomId, "way-out": "/" }));
  }
}

customElements.define("wp-join", WpJoin);
