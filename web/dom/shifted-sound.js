// hls.js's own reader of sound tracks, with the sound laid earlier or later than the picture in what the browser is given.

import { laid, moved } from "../lib/shift.js";
import { AudioStreamController } from "../vendor/hls.mjs";

/** @typedef {import("../vendor/hls.mjs").InitPTSFoundData} Beginnings */

/** Sound this near is decoded already or about to be: it is replaced by what follows rather than torn out, s. */
const KEPT_AHEAD = 0.3;
const KEPT_BEHIND = 1;

/**
 * Every track says where its time begins (hls.js: "initPTS"); the reader of sound is told that it begins later or earlier
 * than it does. So hls.js itself lays the sound there, by SourceBuffer.timestampOffset, and everything it reckons with agrees:
 * what is buffered, what comes next, what a seek needs.
 */
export class ShiftedSound extends AudioStreamController {
  /** Seconds the sound comes earlier than the film has it; negative for later. */
  #early = 0;
  /** Where the film's time begins. @type {Beginnings["timestampOffsets"]} */
  #given = [];

  get early() {
    return this.#early;
  }

  /** What is buffered already is fetched again, from just after what is being heard. @param {number} early s */
  shift(early) {
    const by = this.#early - early;
    if (by === 0) return;
    this.#early = early;
    if (this.#given.length === 0) return; // nothing was laid anywhere yet
    this.initPTS = laid(this.#given, early);
    for (const { details } of this.levels ?? []) if (details?.PTSKnown) moved(details.fragments, by);
    this.abortCurrentFrag();
    this.resetTransmuxer();
    this.fragmentTracker.removeFragmentsInRange(0, Infinity, this.playlistType, false, true);
    const at = this.media?.currentTime ?? 0;
    this.flushMainBuffer(at + KEPT_AHEAD, Infinity, "audio");
    if (at > KEPT_BEHIND) this.flushMainBuffer(0, at - KEPT_BEHIND, "audio");
  }

  /**
   * @override
   * @param {import("../vendor/hls.mjs").Events.INIT_PTS_FOUND} event
   * @param {Beginnings} data
   */
  onInitPtsFound(event, data) {
    this.#given = data.timestampOffsets;
    super.onInitPtsFound(event, { ...data, timestampOffsets: laid(this.#given, this.#early) });
  }

  /**
   * @override
   * @param {Parameters<AudioStreamController["bufferFragmentData"]>} appended
   */
  bufferFragmentData(...appended) {
    const [, { sn }] = appended;
    // Later sound leaves a hole at the beginning, over which no browser starts: it is filled with what comes after it.
    if (this.#early < 0 && sn === 0) {
      const shifted = this.initPTS;
      this.initPTS = this.#given;
      super.bufferFragmentData(...appended);
      this.initPTS = shifted;
    }
    super.bufferFragmentData(...appended);
  }
}

/**
 * hls.js makes its parts itself, one for each film: `made` hears of it.
 *
 * @param {(sound: ShiftedSound) => void} made
 */
export function shiftedSound(made) {
  return class extends ShiftedSound {
    /** @param {ConstructorParameters<typeof AudioStreamController>} parts */
    constructor(...parts) {
      super(...parts);
      made(this);
    }
  };
}
