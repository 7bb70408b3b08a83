// How late this device's sound leaves the loudspeaker, as its owner found it. The device's, whoever sits before it.

import { keptShift, shiftOf, STEP } from "../lib/shift.js";
import { forget, remember, remembered } from "./memory.js";

const NAME = "loudspeaker";
/** Steps that follow each other are one change to whoever has to fetch sound anew for it, ms. */
const SETTLED_MS = 350;

/** Events: "change" at each step, "settled" when it is to be heard. */
export class Loudspeaker extends EventTarget {
  /** Milliseconds; negative where the picture is the late one. */
  late = keptShift(remembered(NAME));
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #settling;

  /** @param {number} ms */
  set(ms) {
    const late = shiftOf(ms);
    if (late === this.late) return;
    this.late = late;
    if (late) remember(NAME, late);
    else forget(NAME);
    this.dispatchEvent(new Event("change"));
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => this.dispatchEvent(new Event("settled")), SETTLED_MS);
  }

  /** @param {number} steps */
  nudge(steps) {
    this.set(this.late + steps * STEP);
  }
}
