// A room: <wp-party room-id="…">. It takes a seat, makes the player follow the room's timeline, and hands the party to
// everything inside that shows a part of it. Requests of the player and the panels go to the room, never to the player.

import "./wp-party-bar.js";
import "./wp-party-stage.js";
import "./wp-side.js";
import "./wp-player.js";

import { sentence } from "../dom/problem.js";
import { toast } from "../dom/toast.js";
import { countingViews, onceWanted } from "../dom/later.js";
import { remember, remembered } from "../dom/memory.js";
import { keepPlace } from "../dom/place.js";
import { entitle } from "../dom/title.js";
import { api, ApiProblem } from "../lib/api.js";
import { Clock } from "../lib/clock.js";
import { PATIENT, TIGHT } from "../lib/drift.js";
import { Follower } from "../lib/follower.js";
import { stoppingPlace } from "../lib/halt.js";
import { Latency, usualStart } from "../lib/latency.js";
import { OwnChange } from "../lib/own-change.js";
import { Party } from "../lib/party.js";
import { whoMay } from "../lib/rights.js";
import { Ticker } from "../lib/ticker.js";
import { WpPlayer } from "./wp-player.js";

/** @typedef {import("./wp-player.js").Request} Request */
/** @typedef {HTMLElement & {party: Party | null}} Panel */

const STATUS_EVERY_MS = 1000;
/** From a seek while playing to motion, before anything was learned, s. */
const USUAL_SEEK = 0.15;
const APPLE = /iphone|ipad|^((?!chrome|android).)*safari|tizen|webos|smart-tv/i;

export class WpParty extends HTMLElement {
  #player = new WpPlayer();
  #ticker = new Ticker(new Worker(new URL("../workers/ticker.js", import.meta.url), { type: "module" }));
  #clock = new Clock(() => performance.now());
  #starts = learned("start", usualStart(navigator.userAgent));
  #seeks = learned("seek", USUAL_SEEK);
  #follower = new Follower({
    deck: this.#player.deck,
    clock: this.#clock,
    ticker: this.#ticker,
    starts: this.#starts,
    seeks: this.#seeks,
    settings: APPLE.test(navigator.userAgent) ? PATIENT : TIGHT,
  });
  #party = new Party({
    open: () => new WebSocket(this.#address),
    clock: this.#clock,
    ticker: this.#ticker,
    resume: null,
    admitted: () => this.#admitted(),
  });
  #remote = onceWanted("wp-remote", () => import("./wp-remote.js"), (remote) => {
    remote.party = this.#party;
    this.querySelector(".room-side")?.before(remote);
  });
  #abort = new AbortController();
  #ownChange = new OwnChange();

  connectedCallback() {
    this.#draw();
    this.#listen();
    this.#turn();
    this.#party.resume = sessionStorage.getItem(this.#resumeKey);
    this.#party.start();
    this.#ticker.every(STATUS_EVERY_MS, () => this.#status());
  }

  disconnectedCallback() {
    this.#abort.abort();
    this.#follower.close();
    this.#party.leave();
    this.#ticker.close();
  }

  /** What tests and other scripts of the page may look at. */
  get party() {
    return this.#party;
  }

  get follower() {
    return this.#follower;
  }

  get clock() {
    return this.#clock;
  }

  /** How one's own player and connection do. @returns {import("../lib/line.js").Facts} */
  get own() {
    const party = this.#party;
    const { deck, video, quality } = this.#player;
    const played = video.getVideoPlaybackQuality();
    return {
      connection: party.connection,
      retryIn: Math.max(0, party.retryAt - this.#clock.now()),
      rtt: this.#clock.rtt,
      uncertainty: this.#clock.uncertainty,
      state: this.#state,
      error: this.#follower.error,
      silenced: deck.silenced || this.#follower.refused,
      playing: party.timeline?.playing ?? false,
      film: (party.timeline?.video_id ?? null) !== null,
      buffered: deck.reach(deck.position),
      dropped: played.droppedVideoFrames,
      frames: played.totalVideoFrames,
      quality,
    };
  }

  get roomId() {
    return this.getAttribute("room-id") ?? "";
  }

  get #address() {
    return `${location.protocol === "https:" ? "wss:" : "ws:"}//${location.host}/api/v1/rooms/${encodeURIComponent(this.roomId)}/ws`;
  }

  get #elsewhereKey() {
    return `watchparty.chat-only.${this.roomId}`;
  }

  get #resumeKey() {
    return `watchparty.resume.${this.roomId}`;
  }

  #draw() {
    this.classList.add("room");
    void countingViews(this.#player);
    this.#player.toggleAttribute("room", true);
    this.#player.stage = this;
    const panel = (/** @type {string} */ tag) => {
      const element = /** @type {Panel} */ (document.createElement(tag));
      element.party = this.#party;
      return element;
    };
    const stage = panel("wp-party-stage");
    stage.append(this.#player);
    this.replaceChildren(
      panel("wp-party-bar"),
      stage,
      panel("wp-side"),
    );
  }

  #listen() {
    const party = this.#party;
    const on = (/** @type {EventTarget} */ target, /** @type {string} */ name, /** @type {(event: any) => void} */ hear) =>
      target.addEventListener(name, hear, { signal: this.#abort.signal });
    on(party, "welcome", () => this.#welcome());
    on(party, "timeline", () => this.#follow());
    on(party, "prepare", ({ detail }) => this.#elsewhere || this.#follower.prepare(detail));
    on(party, "refusal", ({ detail }) => detail.client_id || toast(detail.detail)); // of what was not said the chat tells
    on(party, "notice", ({ detail }) => this.#notice(detail));
    on(party, "over", ({ detail }) => this.#over(detail));
    on(this, "wp-request", ({ detail }) => this.#request(detail));
    on(this, "wp-allowed", () => this.#follower.again());
    on(this, "wp-leave", () => this.#leave());
    on(this, "wp-chat-only", () => this.#turn(true));
    on(this, "wp-watch-here", () => this.#turn(false));
    keepPlace(this, this.#abort.signal);
    on(this.#player, "wp-loaded", () => this.#follower.again());
    on(this.#player, "wp-changing", () => this.#ownChange.begin(performance.now()));
    on(this.#player, "wp-ahead", () => (this.#follower.offset = this.#player.ahead));
    on(this.#follower, "ready", () => this.#status());
    on(this.#follower, "state", () => this.#status());
    on(this.#follower, "refused", () => this.#player.askForSound());
    on(this.#player.deck, "silenced", () => this.#status());
    on(this.#follower, "tired", () => this.#tired());
    on(document, "visibilitychange", () => this.#wake());
    for (const name of ["online", "pageshow", "focus"]) on(window, name, () => this.#wake());
    on(window, "pagehide", () => this.#remember());
  }

  #welcome() {
    sessionStorage.setItem(this.#resumeKey, this.#party.resume ?? "");
    entitle(`${this.#party.room?.name ?? "Room"} · WatchParty`);
  }

  /** Whether one watches elsewhere and has the remote control here, as long as the tab is open. */
  get #elsewhere() {
    return sessionStorage.getItem(this.#elsewhereKey) !== null;
  }

  /** To the remote control alone, or back to the picture. */
  #turn(elsewhere = this.#elsewhere) {
    if (elsewhere) sessionStorage.setItem(this.#elsewhereKey, "on");
    else sessionStorage.removeItem(this.#elsewhereKey);
    this.classList.toggle("chat-only", elsewhere);
    if (elsewhere && document.fullscreenElement) void document.exitFullscreen();
    // Whoever has never been elsewhere needs no remote control to be put away.
    if (elsewhere || this.querySelector("wp-remote")) void this.#remote().then((remote) => remote && (remote.on = this.#elsewhere));
    this.#follow();
    this.#status();
  }

  #follow() {
    const told = this.#party.timeline;
    if (!told) return;
    // Whoever watches elsewhere has no film here: nothing is loaded, and nobody waits for it.
    const timeline = this.#elsewhere ? { ...told, video_id: null } : told;
    if (this.#player.videoId !== timeline.video_id) {
      if (timeline.video_id === null) this.#player.removeAttribute("video-id");
      else this.#player.setAttribute("video-id", timeline.video_id);
    }
    this.#player.speed = timeline.rate;
    this.#follower.follow(timeline);
  }

  /** Intent goes up; the player moves when the room has answered. */
  #request(/** @type {Request} */ request) {
    const party = this.#party;
    if (this.#elsewhere) return request.kind === "play" || request.kind === "pause" ? void this.#remote().then((remote) => remote?.toggle()) : undefined;
    if (party.connection !== "open") return toast("The connection to the room is lost. It is being taken up again.");
    const action = request.kind === "pause" ? "play" : request.kind;
    if (party.room && !party.may(action)) return toast(whoMay(party.room.rights, action));
    if (request.kind === "play") party.play();
    else if (request.kind === "pause") party.pause(this.#stoppingPlace);
    else if (request.kind === "seek") party.seek(request.value);
    else party.rate(request.value);
  }

  get #stoppingPlace() {
    const { timeline, members } = this.#party;
    return stoppingPlace(timeline, this.#clock, members.map(({ rtt_ms }) => rtt_ms), this.#player.deck.duration);
  }

  #status() {
    const { timeline } = this.#party;
    if (!timeline) return;
    const { deck } = this.#player;
    // Whoever has run dry for a change of their own stands still: how far that leaves them behind is seen from their position.
    const error = this.#standsForItself ? null : this.#follower.error;
    this.#party.status({
      revision: this.#follower.revision,
      position: deck.position,
      buffered: deck.reach(deck.position),
      state: this.#state,
      drift_ms: error === null ? null : error * 1000,
      rtt_ms: this.#clock.rtt,
      silenced: deck.silenced || this.#follower.refused,
    });
  }

  get #state() {
    const { state } = this.#follower;
    if (state === "idle" || this.#elsewhere) return "idle";
    if (document.hidden) return "hidden";
    if (this.#standsForItself) return "playing";
    return state === "preparing" ? "starving" : state;
  }

  get #standsForItself() {
    return this.#follower.state === "starving" && this.#ownChange.covers(performance.now());
  }

  #tired() {
    if (this.#follower.tired) toast("This device cannot keep up with the film. A lower quality may help.", { seconds: 10 });
  }

  #wake() {
    this.#status();
    if (!document.hidden) this.#party.wake();
  }

  #remember() {
    remember("start", `${this.#starts.value} ${this.#starts.seen}`);
    remember("seek", `${this.#seeks.value} ${this.#seeks.seen}`);
  }

  /** Whether this room can still be entered, asked when the socket does not open. @returns {Promise<string | null>} */
  async #admitted() {
    try {
      await api.get(`/rooms/${encodeURIComponent(this.roomId)}`);
      return null;
    } catch (error) {
      if (error instanceof ApiProblem && [401, 403, 404].includes(error.status)) return sentence(error);
      return null;
    }
  }

  /** Of who knocks the door tells; and whoever is just deciding what people may do knows it already. */
  #notice(/** @type {{code: string, text: string}} */ { code, text }) {
    const decides = code === "rights" && document.querySelector(".room-settings[open]");
    if (!/^access_/.test(code) && !decides) toast(text);
  }

  #leave() {
    sessionStorage.removeItem(this.#resumeKey);
    this.#party.leave();
    location.assign(this.getAttribute("way-out") ?? "/rooms");
  }

  #over(/** @type {string} */ words) {
    sessionStorage.removeItem(this.#resumeKey);
    this.#follower.close();
    this.#player.end(words);
    this.querySelector(".room-side")?.setAttribute("inert", "");
  }
}

/**
 * What this device was found to need, from earlier visits.
 *
 * @param {string} name
 * @param {number} usual  s
 */
function learned(name, usual) {
  const [value = 0, seen = 0] = (remembered(name) ?? "").split(" ").map(Number);
  return value > 0 && value < 1 ? new Latency(value, { seen: Math.min(seen, 4) }) : new Latency(usual);
}

customElements.define("wp-party", WpParty);
