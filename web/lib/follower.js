/**
 * One player following the room's timeline.
 *
 * The room says where playback stands; this decides when to seek, start, stop and bend the speed so that the picture is
 * there. It never asks the room for anything: a player that stalls catches up, or is waited for when the room says so.
 *
 * @typedef {import("./timeline.js").Timeline} Timeline
 * @typedef {import("./shifted-clock.js").Time} Clock
 * @typedef {import("./ticker.js").Ticker} Ticker
 * @typedef {import("./latency.js").Latency} Latency
 *
 * @typedef {object} Deck      the machine that plays (elements/wp-player.js, or a simulated one)
 * @property {number} position s
 * @property {number} duration s; Infinity while unknown
 * @property {boolean} paused
 * @property {boolean} ready   it has the picture here and something after it, and is not seeking
 * @property {(position: number) => number} reach  seconds buffered from there on
 * @property {(position: number) => void} seek
 * @property {() => Promise<boolean>} play   false when the browser refuses
 * @property {() => void} pause
 * @property {(rate: number) => void} pace
 * @property {(position: number, call: () => void) => () => void} onFrame  calls, perhaps at once, when the frame holding a
 *   position, or a later one, is shown; answers how to call it off
 * @property {() => {at: number, position: number}[]} [frames]  those displayed since the last question, when (ms) and what (s)
 *
 * @typedef {"idle" | "held" | "cued" | "rolling" | "halting"} Mode
 * @typedef {"idle" | "preparing" | "ready" | "playing" | "starving"} State
 */
import { calm, correct, moved, TIGHT, typical } from "./drift.js";
import { arrival } from "./halt.js";
import { Picture } from "./picture.js";
import { ShiftedClock } from "./shifted-clock.js";
import { positionAt } from "./timeline.js";

const TICK_MS = 50;
/** A player without data for this long, ms, or with less than this buffered, s, is starving. */
const STARVED_AFTER_MS = 250;
const STARVED_BELOW = 0.5;
/** Kept on rolling through a new timeline when no further off than this, s. */
const CLOSE = 0.4;
/** How far ahead a joiner is cued, s: where the film is buffered, where it is not, and at most. */
const LEAD_BUFFERED = 0.15;
const LEAD_LOADING = 0.8;
const LEAD_MOST = 6;
/** Frames settle before the result of a start or seek is believed, ms. */
const SETTLE_MS = 250;
/** No further than this from its place a held player stands there, s. */
const STANDS = 0.002;
/** Near the end there is nothing left to correct, s. */
const END_MARGIN = 0.3;

export class Follower extends EventTarget {
  /**
   * @param {object} parts
   * @param {Deck} parts.deck
   * @param {Clock} parts.clock
   * @param {Ticker} parts.ticker
   * @param {Latency} parts.starts  from play() to motion, s
   * @param {Latency} parts.seeks   from a seek while playing to motion, s
   * @param {import("./drift.js").Settings} [parts.settings]
   */
  constructor({ deck, clock, ticker, starts, seeks, settings = TIGHT }) {
    super();
    this.deck = deck;
    this.clock = new ShiftedClock(clock);
    this.ticker = ticker;
    this.starts = starts;
    this.seeks = seeks;
    this.settings = settings;
    /** @type {Timeline | null} */
    this.timeline = null;
    /** @type {Mode} */
    this.mode = "idle";
    /** @type {State} */
    this.state = "idle";
    /** Seconds ahead of the timeline, or null while there is nothing to measure. @type {number | null} */
    this.error = null;
    this.#stop = ticker.every(TICK_MS, () => this.tick());
  }

  #stop;
  #picture = new Picture();
  #drift = calm();
  /** Where it is held or cued, s. */
  #spot = 0;
  /** When, server ms, a cued player starts. */
  #startsAt = 0;
  /** Cancels the timer of a scheduled start. */
  #unschedule = () => {};
  #revision = -1;
  /** The revision for which readiness was told. */
  #told = -1;
  #cuedAt = 0;
  #lead = LEAD_LOADING;
  /** When, ms, data ran out; null while there is some. @type {number | null} */
  #dry = null;
  /** What the next settled error teaches. @type {{latency: Latency, from: number} | null} */
  #lesson = null;
  /** Whether the deck has stood still since its last seek. */
  #fresh = false;
  #refused = false;

  /** How far ahead of the room it is to be, s: its sound is that late, and cannot be moved by itself. */
  get offset() {
    return this.clock.offset;
  }

  set offset(seconds) {
    this.clock.offset = seconds;
  }

  /** How far the picture is from the player's own time, s. */
  get bias() {
    return this.#picture.bias;
  }

  /** Whether it sought again and again and is still behind. */
  get tired() {
    return this.#drift.tired;
  }

  /** What the room last asked for: a timeline's revision, or that of what it prepares. */
  get revision() {
    return Math.max(0, this.#revision);
  }

  /** Whether the browser refused to play. */
  get refused() {
    return this.#refused;
  }

  close() {
    this.#stop();
    this.#unschedule();
  }

  /** The room's timeline, whole. */
  follow(/** @type {Timeline} */ timeline) {
    this.timeline = timeline;
    this.#revision = timeline.revision;
    if (timeline.video_id === null) return this.#rest();
    if (!timeline.playing) return this.#halt(timeline.position);
    const now = this.clock.serverNow();
    if (timeline.at > now) return this.#cue(timeline.position, timeline.at);
    const off = this.deck.position - positionAt(timeline, now, this.deck.duration);
    if (this.mode === "rolling" && !this.deck.paused && Math.abs(off) < CLOSE) return this.#pace(1);
    this.#join();
  }

  /** Stand ready at a position: the room is about to start from there. */
  prepare(/** @type {{revision: number, position: number}} */ { revision, position }) {
    this.#revision = revision;
    this.#hold(position);
  }

  /** Begin again where the room is: the film was (re)loaded, or the person allowed the sound. */
  again() {
    this.#refused = false;
    this.#told = -1;
    this.#fresh = false;
    if (this.mode === "held") this.#hold(this.#spot);
    else if (this.timeline?.playing) this.follow(this.timeline);
  }

  tick() {
    if (this.mode === "held") this.#keepHeld();
    else if (this.mode === "cued") this.#keepCued();
    else if (this.mode === "rolling") this.#keepRolling();
    this.#say();
  }

  #rest() {
    this.#unschedule();
    this.mode = "idle";
    this.error = null;
    this.deck.pause();
  }

  /** Stand at a position; a picture that moves plays on into the frame there, if that is just ahead. */
  #halt(/** @type {number} */ position) {
    if (this.mode !== "rolling" || this.deck.paused || !this.deck.ready) return this.#hold(position);
    this.#unschedule();
    this.mode = "halting";
    this.error = null;
    this.#unschedule = arrival(this.deck, this.ticker, position, this.timeline?.rate ?? 1, () => this.#hold(position));
  }

  #hold(/** @type {number} */ position) {
    this.#unschedule();
    // Told to stand where it stands already, it does not look for the place again.
    const there = this.mode === "held" && this.#fresh && position === this.#spot && near(this.deck.position, position);
    this.mode = "held";
    this.error = null;
    this.#lesson = null;
    if (!there) this.#place(position);
    this.#told = -1;
    this.tick();
  }

  #keepHeld() {
    // One that has come to its end does not count as paused, and stands all the same.
    if (!this.deck.paused && Math.abs(this.deck.position - this.#spot) > STANDS) this.#place(this.#spot);
    if (!this.deck.ready || this.#told === this.#revision) return;
    this.#told = this.#revision;
    this.dispatchEvent(new CustomEvent("ready", { detail: this.#revision }));
  }

  /** Late, or just arrived: choose a point ahead, be there first, and start when the room gets there. */
  #join() {
    const timeline = this.timeline;
    if (!timeline) return;
    const now = this.clock.serverNow();
    const soon = positionAt(timeline, now + 1000 * (this.seeks.value + LEAD_BUFFERED), this.deck.duration);
    const lead = this.deck.reach(soon) > STARVED_BELOW ? this.seeks.value + LEAD_BUFFERED : this.#lead;
    const at = now + 1000 * lead;
    this.#fresh = false;
    this.#cue(positionAt(timeline, at, this.deck.duration), at);
  }

  #cue(/** @type {number} */ position, /** @type {number} */ at) {
    this.#unschedule();
    const wait = at - this.clock.serverNow();
    // A deck that has just been sought and stood still since need not be sought again when time is short.
    const there = this.#fresh && this.mode !== "rolling" && near(this.#spot, position);
    this.mode = "cued";
    this.error = null;
    this.#lesson = null;
    this.#startsAt = at;
    this.#cuedAt = this.clock.now();
    this.deck.pause();
    if (!there || wait > 2000 * this.seeks.value + 200) this.#place(position);
    this.deck.pace(this.timeline?.rate ?? 1);
    this.#unschedule = this.ticker.after(wait - 1000 * this.starts.value, () => void this.#start());
  }

  #keepCued() {
    if (this.clock.serverNow() > this.#startsAt + 1000 && this.deck.ready) void this.#start();
  }

  async #start() {
    if (this.mode !== "cued") return;
    if (!this.deck.ready) return this.#missed();
    const late = this.clock.serverNow() - (this.#startsAt - 1000 * this.starts.value);
    if (late > 1000 * CLOSE) return this.#join();
    this.mode = "rolling";
    this.#dry = null;
    this.#fresh = false;
    this.#drift = moved(this.#drift);
    this.#picture.clear();
    this.deck.frames?.();
    if (late < 20) this.#lesson = { latency: this.starts, from: this.clock.now() + SETTLE_MS };
    this.#refused = !(await this.deck.play());
    if (this.#refused) this.dispatchEvent(new Event("refused"));
  }

  /** The start came before the data: wait for the data, then choose a new point. */
  #missed() {
    const cued = this.#cuedAt;
    const look = () => {
      if (this.mode !== "cued" || this.#cuedAt !== cued) return;
      if (!this.deck.ready) this.#unschedule = this.ticker.after(TICK_MS, look);
      else {
        this.#lead = Math.min(LEAD_MOST, (1.3 * (this.clock.now() - cued)) / 1000);
        this.#join();
      }
    };
    this.#unschedule = this.ticker.after(TICK_MS, look);
  }

  #keepRolling() {
    const timeline = this.timeline;
    if (!timeline || this.#refused) return;
    const now = this.clock.now();
    const target = positionAt(timeline, this.clock.serverNow(), this.deck.duration);
    if (target > this.deck.duration - END_MARGIN) {
      this.error = null;
      return;
    }
    if (this.deck.paused) return this.#join(); // the browser paused it, not the room
    if (!this.deck.ready) return this.#runDry(now);
    this.#dry = null;
    const told = this.deck.position - target;
    this.#look(now, told, timeline);
    this.#steer(now, told + this.#picture.bias);
  }

  /** What the frames displayed since the last tick say of the player's own time. */
  #look(/** @type {number} */ now, /** @type {number} */ told, /** @type {Timeline} */ timeline) {
    const frames = this.deck.frames?.() ?? [];
    if (this.#lesson && now < this.#lesson.from) return this.#picture.clear();
    this.#picture.look(now, told, frames.map(({ at, position }) => position - positionAt(timeline, this.clock.serverAt(at))));
  }

  #runDry(/** @type {number} */ now) {
    if (this.#dry === null) this.#pace(1);
    this.#dry ??= now;
    this.#drift = moved(this.#drift);
    this.#picture.clear();
    if (this.#lesson) this.#lesson.from = Math.max(this.#lesson.from, now + SETTLE_MS);
  }

  #steer(/** @type {number} */ now, /** @type {number} */ error) {
    if (this.#lesson && now < this.#lesson.from) return;
    const timeline = /** @type {Timeline} */ (this.timeline);
    const landing = positionAt(timeline, this.clock.serverNow() + 1000 * this.seeks.value, this.deck.duration);
    const reachable = this.deck.reach(landing) > STARVED_BELOW;
    const tired = this.tired;
    const { drift, correction } = correct(this.#drift, { now, error, reachable }, this.settings);
    this.#drift = drift;
    this.error = typical(drift) ?? error;
    if (this.#lesson && typical(drift) !== null) {
      this.#lesson.latency.learn(/** @type {number} */ (typical(drift)));
      this.#lesson = null;
    }
    if (correction.kind === "bend") this.#pace(correction.factor);
    if (correction.kind === "seek") this.#leap(landing, reachable);
    if (tired !== this.tired) this.dispatchEvent(new Event("tired"));
  }

  /** Seek while playing, to where the room will be by the time the picture stands. */
  #leap(/** @type {number} */ landing, /** @type {boolean} */ reachable) {
    if (!reachable) return this.#join();
    this.#pace(1);
    this.deck.seek(landing);
    this.#lesson = { latency: this.seeks, from: this.clock.now() + SETTLE_MS };
  }

  #pace(/** @type {number} */ factor) {
    this.deck.pace((this.timeline?.rate ?? 1) * factor);
  }

  #place(/** @type {number} */ position) {
    this.#spot = Math.min(position, Number.isFinite(this.deck.duration) ? this.deck.duration : position);
    this.deck.pause();
    this.deck.seek(this.#spot);
    this.#fresh = true;
    this.#dry = null;
  }

  #say() {
    const state = this.#describe();
    if (state === this.state) return;
    this.state = state;
    this.dispatchEvent(new CustomEvent("state", { detail: state }));
  }

  /** @returns {State} */
  #describe() {
    if (this.mode === "idle" || this.#refused) return "idle";
    if (this.mode === "held") return this.deck.ready ? "ready" : "preparing";
    if (this.mode === "cued") return this.deck.ready ? "ready" : "preparing";
    if (this.#dry !== null) return this.clock.now() - this.#dry > STARVED_AFTER_MS ? "starving" : this.state;
    const left = this.deck.duration - this.deck.position;
    const short = this.deck.reach(this.deck.position) < Math.min(STARVED_BELOW, left - END_MARGIN);
    return short ? "starving" : "playing";
  }
}

/** Whether two places, s, are the same one. */
function near(/** @type {number} */ one, /** @type {number} */ other) {
  return Math.abs(one - other) < 0.001;
}
