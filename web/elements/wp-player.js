// A film with its controls: <wp-player video-id="…" film-title="…">. With the attribute `room` it moves for nobody but the
// room: play, pause, seek and speed go up as "wp-request" events ({kind, value}), and whoever hears them moves the `deck`.

import "../vendor/media-chrome.js";
import "./wp-player-time.js";
import "./wp-player-veil.js";

import { ahead } from "../dom/ahead.js";
import { Beside } from "../dom/beside.js";
import { VideoDeck } from "../dom/deck.js";
import { fullscreen } from "../dom/fullscreen.js";
import { h } from "../dom/html.js";
import { onceWanted } from "../dom/later.js";
import { Loudspeaker } from "../dom/loudspeaker.js";
import { own, remember, remembered } from "../dom/memory.js";
import { previewByKeys } from "../dom/preview.js";
import { beginning, opened } from "../lib/opening.js";
import { sentence } from "../dom/problem.js";
import { Access } from "../lib/access.js";
import { api } from "../lib/api.js";
import { Bookmark } from "../lib/bookmark.js";
import { keepTrack, keptTrack } from "../lib/choosing.js";
import { wish } from "../lib/keys.js";
import { shiftLabel } from "../lib/shift.js";
import { throttle } from "../lib/throttle.js";
import { WpPlayerVeil } from "./wp-player-veil.js";

/** @typedef {import("../lib/access.js").Answer} Answer */
/** @typedef {import("../dom/stream.js").Stream} Stream */
/** @typedef {{kind: "play"} | {kind: "pause"} | {kind: "seek", value: number} | {kind: "rate", value: number}} Request */

/** A drag asks the room at most this often, ms. */
const DRAG_MS = 250;

/** What media-chrome asks for, in our words. @type {Record<string, "play" | "pause" | "seek" | "rate">} */
const REQUESTS = {
  mediaplayrequest: "play",
  mediapauserequest: "pause",
  mediaseekrequest: "seek",
  mediaplaybackraterequest: "rate",
};

export class WpPlayer extends HTMLElement {
  static observedAttributes = ["video-id"];

  video = h("video", { slot: "media", playsinline: true, preload: "auto", tabindex: -1 });
  deck = new VideoDeck(this.video);
  /** What fills the screen: this, or what a room puts around it. @type {HTMLElement} */
  stage = this;
  /** Whose place in the film is kept; a room has its own. */
  #bookmark = new Bookmark((position) => void this.#keep(position));
  /** The speed that was asked for; a room bends the real one around it. */
  #speed = 1;
  #beside = new Beside(this.video);
  #loudspeaker = new Loudspeaker();
  /** Once there is a film to set something of. @type {import("./wp-player-menu.js").WpPlayerMenu | null} */
  #menu = null;
  #veil = new WpPlayerVeil();
  #help = onceWanted("wp-player-help", () => import("./wp-player-help.js"), (help) => this.append(help));
  #check = onceWanted("wp-sound-check", () => import("./wp-sound-check.js"), (check) => {
    check.loudspeaker = this.#loudspeaker;
    check.video = this.video;
    this.append(check);
  });
  /** @type {Stream | null} */
  #stream = null;
  /** @type {AbortController | null} */
  #loading = null;
  #line = h("media-time-range", { class: "player-line" });
  #preview = previewByKeys(this.#line);
  #controller = this.#build();
  #seekRequest = throttle(DRAG_MS, (/** @type {number} */ value) => this.#request({ kind: "seek", value }));

  connectedCallback() {
    if (!this.#controller.isConnected) this.replaceChildren(this.#controller, this.#veil);
    // It says "checked" of itself, which a button cannot be.
    this.querySelector("media-captions-button")?.setAttribute("role", "switch");
    /** @type {any} */ (this.#controller).fullscreenElement = this.stage;
    for (const type of Object.keys(REQUESTS)) document.addEventListener(type, this.#intercept, true);
    document.addEventListener("mediaenterfullscreenrequest", this.#fill, true);
    document.addEventListener("mediaexitfullscreenrequest", this.#fill, true);
    document.addEventListener("keydown", this.#key);
    addEventListener("pagehide", this.#leave);
    addEventListener("online", this.#online);
    if (!this.#loading) void this.#load();
  }

  disconnectedCallback() {
    for (const type of Object.keys(REQUESTS)) document.removeEventListener(type, this.#intercept, true);
    document.removeEventListener("mediaenterfullscreenrequest", this.#fill, true);
    document.removeEventListener("mediaexitfullscreenrequest", this.#fill, true);
    document.removeEventListener("keydown", this.#key);
    removeEventListener("pagehide", this.#leave);
    removeEventListener("online", this.#online);
    this.#leave();
    this.#unload();
  }

  attributeChangedCallback() {
    if (this.isConnected) void this.#load();
  }

  get videoId() {
    return this.getAttribute("video-id");
  }

  get inRoom() {
    return this.hasAttribute("room");
  }

  /** The picture that is shown, as far as the stream tells. @returns {import("../lib/line.js").Facts["quality"]} */
  get quality() {
    const level = this.#stream?.levels[this.#stream.playing];
    return level ? { height: level.height, bitrate: level.average || level.bitrate, automatic: this.#stream?.chosen === -1 } : null;
  }

  /** Nothing more to see here, and why. */
  end(/** @type {string} */ words) {
    this.#unload();
    this.#veil.silenced(false);
    this.#veil.say({ title: "The film has stopped", detail: words });
  }

  get speed() {
    return this.#speed;
  }

  set speed(speed) {
    this.#speed = speed;
    if (this.#menu) this.#menu.rate = speed;
    this.#stream?.shift(this.#early);
  }

  /** How much of the film passes while the loudspeaker is late, s. */
  get #early() {
    return (this.#loudspeaker.late / 1000) * this.#speed;
  }

  /** How far ahead of everybody this player has to be, s, because its sound cannot be moved against its picture. */
  get ahead() {
    return this.#stream?.shifts === "both" ? this.#loudspeaker.late / 1000 : 0;
  }

  /** The browser wants a gesture before it plays. */
  askForSound() {
    this.#veil.silenced(true);
  }

  #build() {
    const controller = h("media-controller", { nohotkeys: true, novolumepref: true, nomutedpref: true, nosubtitleslangpref: true, autohide: "3", gesturesdisabled: false, class: "player" });
    const button = (/** @type {any} */ tag, attributes = {}) => h(tag, { notooltip: true, ...attributes });
    controller.append(
      this.video,
      h("media-loading-indicator", { slot: "centered-chrome", noautohide: true }),
      button("media-play-button", { slot: "centered-chrome", class: "player-big" }),
      this.#line,
      h(
        "media-control-bar",
        {},
        button("media-play-button"),
        button("media-seek-backward-button", { seekoffset: "10", class: "player-wide" }),
        button("media-seek-forward-button", { seekoffset: "10", class: "player-wide" }),
        button("media-mute-button"),
        h("media-volume-range", { class: "player-wide" }),
        this.#time,
        h("span", { class: "player-gap" }),
        button("media-captions-button"),
        button("media-pip-button", { class: "player-wide" }),
        button("media-fullscreen-button"),
      ),
    );
    this.#listen();
    return controller;
  }

  get #time() {
    const time = /** @type {import("./wp-player-time.js").WpPlayerTime} */ (document.createElement("wp-player-time"));
    time.video = this.video;
    return time;
  }

  #listen() {
    this.deck.addEventListener("silenced", () => this.#veil.silenced(true));
    this.deck.addEventListener("seek", (event) => this.#stream?.approach(/** @type {CustomEvent<number>} */ (event).detail));
    this.#listenVolume();
    this.video.addEventListener("timeupdate", () => {
      if (!this.inRoom && !this.video.seeking) this.#bookmark.at(this.video.currentTime);
    });
    this.video.addEventListener("pause", () => {
      if (!this.inRoom) this.#bookmark.flush();
    });
    this.video.addEventListener("ratechange", () => {
      if (!this.inRoom) this.speed = this.video.playbackRate;
    });
    this.video.addEventListener("loadedmetadata", () => {
      // Sound alone keeps its cover: some browsers put the poster away once anything plays.
      const { videoWidth, poster, style } = this.video;
      style.backgroundImage = videoWidth === 0 && poster ? `url("${encodeURI(poster)}")` : "";
      this.dispatchEvent(new Event("wp-loaded"));
    });
    this.addEventListener("wp-sound", () => {
      this.video.muted = false;
      this.#veil.silenced(false);
      if (!this.inRoom) void this.deck.play();
      this.dispatchEvent(new Event("wp-allowed", { bubbles: true }));
    });
    this.addEventListener("wp-quality", (event) => {
      const level = /** @type {CustomEvent<number>} */ (event).detail;
      remember(own("height"), this.#stream?.levels[level]?.height ?? 0);
      this.#change((stream) => stream.choose(level));
    });
    this.addEventListener("wp-chapter", (event) => this.#ask({ kind: "seek", value: /** @type {CustomEvent<number>} */ (event).detail }));
    this.#listenBeside();
    this.#listenSound();
    this.addEventListener("wp-rate", (event) => this.#ask({ kind: "rate", value: /** @type {CustomEvent<number>} */ (event).detail }));
  }

  #listenVolume() {
    const { video } = this;
    video.volume = volumeOf(remembered(own("volume")));
    video.muted = remembered(own("muted")) === "1";
    video.addEventListener("volumechange", () => {
      // Muted by the browser, or for a sound check, is not what somebody wanted.
      if (!video.muted) remember(own("muted"), 0);
      if (!video.muted) this.#veil.silenced(false);
      remember(own("volume"), video.volume);
    });
    this.addEventListener("mediamuterequest", () => remember(own("muted"), 1), true);
  }

  #listenSound() {
    const loudspeaker = this.#loudspeaker;
    loudspeaker.addEventListener("change", () => this.#menu && (this.#menu.late = loudspeaker.late));
    loudspeaker.addEventListener("settled", () => {
      this.#change((stream) => stream.shift(this.#early));
      this.dispatchEvent(new Event("wp-ahead"));
    });
    this.addEventListener("wp-loudspeaker", (event) => loudspeaker.set(/** @type {CustomEvent<number>} */ (event).detail));
    // Fetched with its menu: browsers that give sound to a press alone do not wait for long.
    this.addEventListener("wp-menu", () => void this.#check());
    this.addEventListener("wp-sound-check", () => void this.#check().then((check) => check?.open()));
    this.addEventListener("wp-soundtrack", (event) => {
      const place = /** @type {CustomEvent<number>} */ (event).detail;
      const track = this.#stream?.sounds[place];
      if (track) remember(own("sound"), keepTrack(track));
      this.#change((stream) => stream.chooseSound(place));
    });
  }

  /** Something of one's own, for which the player may run out of data for a moment. */
  #change(/** @type {(stream: Stream) => void} */ change) {
    if (!this.#stream) return;
    this.dispatchEvent(new Event("wp-changing"));
    change(this.#stream);
  }

  #listenBeside() {
    const beside = this.#beside;
    const on = (/** @type {string} */ name, /** @type {(detail: any) => unknown} */ hear) =>
      this.addEventListener(name, (event) => void hear(/** @type {CustomEvent} */ (event).detail));
    beside.addEventListener("change", () => this.#menu?.beside(beside));
    beside.addEventListener("said", (event) => this.#veil.note(/** @type {CustomEvent<string>} */ (event).detail));
    on("wp-menu", () => beside.refresh());
    on("wp-captions", (id) => beside.captions.choose(id));
    on("wp-offset", (seconds) => beside.shift(seconds));
    on("wp-add-captions", (files) => beside.add(files));
    on("wp-remove-captions", (id) => beside.remove(id));
    // Files are taken from whoever may add subtitles; the browser would leave the page for them.
    this.addEventListener("dragover", (event) => event.dataTransfer?.types.includes("Files") && event.preventDefault());
    this.addEventListener("drop", (event) => this.#drop(event));
  }

  #drop(/** @type {DragEvent} */ event) {
    if (!event.dataTransfer?.files.length) return;
    event.preventDefault();
    if (this.#beside.mine) void this.#beside.add(event.dataTransfer.files);
    else this.#veil.note("Only the film's owner can add subtitles.");
  }

  // Loading

  async #load() {
    this.#unload();
    const videoId = this.videoId;
    this.#veil.clear();
    if (!videoId) return;
    const loading = new AbortController();
    this.#loading = loading;
    this.#bookmark = new Bookmark((position) => void this.#keep(position));
    this.#beside.open(videoId);
    const access = new Access(() => this.#permission(videoId), { now: () => performance.now(), wall: () => Date.now() });
    try {
      const tell = (/** @type {import("../lib/unready.js").Words} */ words) => this.#veil.say(words);
      const [answer, begin, make] = await Promise.all([
        opened(access, videoId, loading.signal, tell),
        this.inRoom ? 0 : beginning(videoId, loading.signal),
        this.#parts(),
      ]);
      if (!answer || loading.signal.aborted) return;
      this.#veil.clear();
      if (!this.inRoom) this.deck.wanted = begin;
      await this.#show(answer, make(access));
    } catch (error) {
      if (!loading.signal.aborted) this.#veil.say({ title: "This film cannot be shown", detail: sentence(error) });
    }
  }

  /** What only a player with a film needs, fetched with the first one: how a stream is made of a permission, and the menu. */
  async #parts() {
    const [{ Stream }, { WpPlayerMenu }] = await Promise.all([import("../dom/stream.js"), import("./wp-player-menu.js")]);
    if (!this.#menu) {
      this.#menu = new WpPlayerMenu();
      this.querySelector("media-captions-button")?.after(this.#menu);
      this.#menu.late = this.#loudspeaker.late;
      this.#menu.rate = this.#speed;
    }
    this.#menu.beside(this.#beside);
    return (/** @type {Access} */ access) => new Stream(this.video, access);
  }

  /** Each new permission brings new addresses for what comes beside the stream too. */
  async #permission(/** @type {string} */ videoId) {
    const answer = (await ahead.take(videoId)) ?? (await api.get(`/videos/${encodeURIComponent(videoId)}/hls`));
    if (videoId === this.videoId && this.#loading) this.#beside.show(answer);
    return answer;
  }

  /**
   * @param {Answer} answer
   * @param {Stream} stream
   */
  async #show(answer, stream) {
    if (answer.poster_url) this.video.poster = answer.poster_url;
    void this.#beside.askWhose();
    this.#stream = stream;
    stream.addEventListener("levels", () => this.#menu?.levels(stream));
    for (const news of ["levels", "sounds"]) {
      stream.addEventListener(news, () => {
        this.#menu?.sounds(stream);
        this.dispatchEvent(new Event("wp-ahead"));
      });
    }
    stream.addEventListener("trouble", (event) => this.#veil.trouble(/** @type {CustomEvent<string>} */ (event).detail));
    stream.addEventListener("well", () => this.#veil.trouble(null));
    stream.addEventListener("over", (event) => this.end(/** @type {CustomEvent<string>} */ (event).detail));
    void this.#announce(answer.poster_url ?? null);
    await stream.open(() => this.deck.wanted, {
      height: Number(remembered(own("height")) ?? 0),
      sound: keptTrack(remembered(own("sound"))),
      early: this.#early,
    });
    // A browser that plays the stream by itself says nothing of its sound.
    this.#menu?.sounds(stream);
    this.dispatchEvent(new Event("wp-ahead"));
    if (!this.inRoom) await this.deck.play();
  }

  #unload() {
    this.#loading?.abort();
    this.#loading = null;
    this.#stream?.close();
    this.#stream = null;
    this.video.removeAttribute("poster");
    this.video.style.backgroundImage = "";
    this.#beside.open("");
  }

  async #keep(/** @type {number} */ position) {
    if (!this.videoId || this.inRoom) return;
    // A place that could not be kept is no reason to disturb somebody who watches.
    await api.put(`/videos/${encodeURIComponent(this.videoId)}/position`, { position }, { keepalive: true }).catch(() => null);
  }

  #leave = () => {
    if (!this.inRoom) this.#bookmark.flush();
  };

  #online = () => this.#stream?.retry();

  // Requests

  #intercept = (/** @type {Event} */ event) => {
    if (!this.inRoom || !(event.target instanceof Node) || !this.contains(event.target)) return;
    event.stopImmediatePropagation();
    const kind = /** @type {"play" | "pause" | "seek" | "rate"} */ (REQUESTS[event.type]);
    const value = Number(/** @type {CustomEvent} */ (event).detail);
    if (kind === "play" || kind === "pause") this.#request({ kind });
    else if (!Number.isFinite(value)) return;
    else if (kind === "seek") this.#seekRequest(value);
    else this.#request({ kind, value });
  };

  #request(/** @type {Request} */ detail) {
    this.dispatchEvent(new CustomEvent("wp-request", { detail, bubbles: true }));
  }

  /** From keys, menus and the desktop's media keys: to the room, or done here. */
  #ask(/** @type {Request} */ request) {
    if (this.inRoom) return request.kind === "seek" ? this.#seekRequest(request.value) : this.#request(request);
    if (request.kind === "play") void this.deck.play();
    else if (request.kind === "pause") this.deck.pause();
    else if (request.kind === "seek") this.deck.seek(request.value);
    else this.deck.pace(request.value);
  }

  #fill = (/** @type {Event} */ event) => {
    if (!(event.target instanceof Node) || !this.contains(event.target)) return;
    event.stopImmediatePropagation();
    fullscreen(this.stage, this.video);
  };

  #key = (/** @type {KeyboardEvent} */ event) => {
    if (event.defaultPrevented || !this.#hears(event)) return;
    const { volume, duration } = this.video;
    const asked = wish(event, { position: this.deck.position, duration, volume, rate: this.#speed });
    if (!asked) return;
    event.preventDefault();
    if (asked.kind === "seek" && this.#line.matches(":focus-within")) this.#preview(asked.value / duration);
    if (asked.kind === "toggle") this.#ask({ kind: this.video.paused ? "play" : "pause" });
    else if (asked.kind === "mute") this.#mute(!this.video.muted);
    else if (asked.kind === "captions") this.#beside.captions.toggle();
    else if (asked.kind === "fullscreen") fullscreen(this.stage, this.video);
    else if (asked.kind === "help") void this.#help().then((help) => help?.toggle());
    else if (asked.kind === "volume") this.video.volume = asked.value;
    else if (asked.kind === "offset") this.#beside.nudge(asked.value);
    else if (asked.kind === "sound") this.#nudgeSound(asked.value);
    else this.#ask(/** @type {Request} */ (asked));
  };

  #mute(/** @type {boolean} */ muted) {
    if (muted) remember(own("muted"), 1);
    this.video.muted = muted;
  }

  #nudgeSound(/** @type {number} */ steps) {
    this.#loudspeaker.nudge(steps);
    this.#veil.note(`Loudspeaker late by ${shiftLabel(this.#loudspeaker.late)}`);
  }

  /** Keys belong to whoever types, and a button's own keys to the button. */
  #hears(/** @type {KeyboardEvent} */ event) {
    const target = event.composedPath()[0];
    if (!(target instanceof Element)) return true;
    if (target.closest("input:not([type=range]), textarea, select, [contenteditable], dialog[open]")) return false;
    // Browsers would move through the film by tenths, or by hundredths.
    const slider = !event.composedPath().includes(this.#line) && target.closest("[role=slider], input[type=range]");
    if (slider && event.key.startsWith("Arrow")) return false;
    return !(event.key === " " && target.closest("button, summary, a, [role=button], input, media-mute-button, media-fullscreen-button, media-captions-button, media-pip-button, media-seek-backward-button, media-seek-forward-button"));
  }

  async #announce(/** @type {string | null} */ poster) {
    const { announce } = await import("../dom/media-session.js");
    announce(this.getAttribute("film-title") ?? document.title, poster, {
      play: () => this.#ask({ kind: "play" }),
      pause: () => this.#ask({ kind: "pause" }),
      seek: (position) => this.#ask({ kind: "seek", value: position }),
      position: () => this.deck.position,
    });
  }
}

function volumeOf(/** @type {string | null} */ remembered) {
  const volume = Number(remembered ?? 1);
  return volume > 0 && volume <= 1 ? volume : 1;
}

customElements.define("wp-player", WpPlayer);
