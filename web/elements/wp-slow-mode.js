// How long people wait between two lines, for hosts to choose.

import { h } from "../dom/html.js";
import { sentence } from "../dom/problem.js";
import { toast } from "../dom/toast.js";
import { api } from "../lib/api.js";

/** @typedef {import("../lib/party.js").Party} Party */

/** @type {[seconds: number, words: string][]} */
const CHOICES = [[0, "Off"], [5, "5 seconds"], [10, "10 seconds"], [30, "30 seconds"], [60, "A minute"], [300, "5 minutes"]];

class WpSlowMode extends HTMLElement {
  /** @type {Party | null} */
  party = null;
  #select = h("select", { class: "input", id: "slow-mode", "aria-describedby": "slow-mode-hint", onchange: () => void this.#change() });

  connectedCallback() {
    this.replaceChildren(
      h("div", { class: "field" }, h("label", { for: "slow-mode" }, "Slow mode of the chat"), this.#select, h("p", { class: "hint", id: "slow-mode-hint" }, "So long everybody but hosts waits between two lines.")),
    );
    for (const event of ["welcome", "members", "room"]) this.party?.addEventListener(event, () => this.#show());
    this.#show();
  }

  #show() {
    this.hidden = !this.party?.isHost;
    const slow = this.party?.room?.slow_mode ?? 0;
    if (this.#select.value === String(slow)) return;
    const choices = CHOICES.some(([seconds]) => seconds === slow) ? CHOICES : [...CHOICES, [slow, `${slow} seconds`]];
    this.#select.replaceChildren(...choices.map(([seconds, words]) => h("option", { value: seconds, selected: seconds === slow }, String(words))));
  }

  async #change() {
    try {
      await api.patch(`/rooms/${encodeURIComponent(this.party?.room?.id ?? "")}`, { slow_mode: Number(this.#select.value) });
    } catch (error) {
      this.#select.value = "";
      this.#show();
      toast(sentence(error));
    }
  }
}

customElements.define("wp-slow-mode", WpSlowMode);
