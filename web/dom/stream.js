// Filling a <video> from a signed HLS playlist: hls.js where there are Media Source Extensions, the browser itself elsewhere.

import { soundFor } from "../lib/choosing.js";
import { isCopy, levelAfterSeek, levelFor, needless, startLevel } from "../lib/levels.js";
import Hls from "../vendor/hls.mjs";
import { shiftedSound } from "./shifted-sound.js";

/** @typedef {import("../lib/levels.js").Level} Level */
/** @typedef {import("../lib/choosing.js").Track} Track */
/**
 * What somebody wants of every film.
 *
 * @typedef {{height: number, sound: Track | null, early: number}} Wishes
 *   height of the picture, 0 for automatic; `early`, how much sooner than the picture the sound is to be played, s
 */

const WORKER = new URL("../vendor/hls.worker.js", import.meta.url).href;
const HLS_TYPE = "application/vnd.apple.mpegurl";
/** A segment encoded for us on a busy machine comes late, not slowly, ms. */
const FIRST_BYTE_MS = 60_000;
const WHOLE_MS = 180_000;
const TRIES = 8;
const LONGEST_PAUSE_MS = 4_000;
/** What a home network carries; a first guess, or every film would begin with its lowest rung. Bit/s. */
const USUAL_LINE = 40e6;

/**
 * Events: "levels" (they, or the one that plays, changed), "sounds", "trouble" (detail: a sentence), "well", and "over"
 * (detail: a sentence) when there is no use in trying on.
 */
export class Stream extends EventTarget {
  /** @type {Level[]} */
  levels = [];
  /** The level that is shown, -1 while none is. */
  playing = -1;
  /** The level somebody chose, -1 for automatic. */
  chosen = -1;
  /** @type {Track[]} */
  sounds = [];
  sound = -1;

  /** @type {Hls | null} */
  #hls = null;
  /** @type {import("./shifted-sound.js").ShiftedSound | null} */
  #reader = null;
  /** @type {Wishes} */
  #wishes = { height: 0, sound: null, early: 0 };
  #closed = false;
  #failures = 0;
  /** Whether it was playing before anything went wrong (a failed native player counts as paused). */
  #moving = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #again;

  /**
   * @param {HTMLVideoElement} video
   * @param {import("../lib/access.js").Access} access
   */
  constructor(video, access) {
    super();
    this.video = video;
    this.access = access;
  }

  /**
   * @param {() => number} begin  where to begin, s; asked when the film is known
   * @param {Wishes} wishes
   */
  async open(begin, wishes) {
    this.#wishes = wishes;
    const { hls_url } = await this.access.fresh();
    if (this.#closed) return;
    if (Hls.isSupported()) this.#openHls(hls_url, begin);
    else if (this.video.canPlayType(HLS_TYPE)) this.#openNative(hls_url, begin());
    else this.#tell("over", "This browser cannot play streamed video. A current Firefox, Chrome, Edge or Safari can.");
  }

  close() {
    this.#closed = true;
    clearTimeout(this.#again);
    this.video.removeEventListener("seeking", this.#seeking);
    this.#hls?.destroy();
    this.#hls = this.#reader = null;
    this.video.removeEventListener("error", this.#nativeError);
    this.video.removeEventListener("playing", this.#note);
    this.video.removeEventListener("pause", this.#note);
    this.video.removeAttribute("src");
    this.video.load();
  }

  /** -1 lets the line decide. */
  choose(/** @type {number} */ level) {
    this.chosen = level;
    if (this.#hls) this.#hls.nextLevel = level;
    this.#tell("levels");
  }

  /** From a moment ahead on, so that nothing stops for it. */
  chooseSound(/** @type {number} */ sound) {
    if (!this.#hls) return;
    this.#wishes = { ...this.#wishes, sound: this.sounds[sound] ?? null };
    this.#hls.nextAudioTrack = sound;
    this.sound = sound;
    this.#tell("sounds");
  }

  /** How much sooner than the picture the sound is to be played, s; negative for later. */
  shift(/** @type {number} */ early) {
    this.#wishes = { ...this.#wishes, early };
    this.#lay();
  }

  /**
   * What a shift moves: the sound, where picture and sound are fetched apart; both, where a browser plays the stream by itself
   * or there is no picture; nothing in a silent film, and before the film is known.
   *
   * @returns {"sound" | "both" | "nothing"}
   */
  get shifts() {
    if (!this.#hls) return this.#closed ? "nothing" : "both";
    if (this.levels.length === 0) return "nothing";
    if (!this.levels.some(({ height }) => height > 0)) return "both";
    return this.sounds.length > 0 ? "sound" : "nothing";
  }

  /** Begin again at once when the line is back, rather than when the next try is due. */
  retry() {
    if (this.#failures === 0 || !this.#hls) return;
    clearTimeout(this.#again);
    this.#hls.startLoad(this.video.currentTime || -1);
  }

  /**
   * @param {string} url
   * @param {() => number} begin
   */
  #openHls(url, begin) {
    const hls = new Hls(this.#config());
    this.#hls = hls;
    hls.on(Hls.Events.MANIFEST_PARSED, () => {
      const bright = matchMedia("(dynamic-range: high)").matches;
      for (const index of needless(this.#read(hls), bright)) hls.removeLevel(index);
      // Left to itself, hls.js weighs only levels of the codecs and the range it plays, and leaves them in need alone.
      for (const level of hls.levels) {
        Object.assign(level, { codecSet: "any" });
        Object.assign(level.attrs, { "VIDEO-RANGE": "SDR" });
      }
      this.#read(hls);
      const preferred = levelFor(this.levels, this.#wishes.height);
      hls.startLevel = preferred >= 0 ? preferred : startLevel(this.levels);
      if (preferred >= 0) hls.loadLevel = this.chosen = preferred;
      this.#lay();
      hls.startLoad(begin());
      this.#tell("levels");
    });
    hls.on(Hls.Events.LEVEL_SWITCHED, (_, { level }) => {
      this.playing = level;
      this.#tell("levels");
    });
    hls.on(Hls.Events.AUDIO_TRACKS_UPDATED, (_, { audioTracks }) => {
      this.sounds = audioTracks.map(({ name, lang }) => ({ name, language: lang }));
      // Chosen before hls.js takes the film's own choice, so that only one of them is fetched.
      const wanted = soundFor(this.#wishes.sound, this.sounds);
      if (this.sound === -1 && wanted >= 0) hls.audioTrack = this.sound = wanted;
      this.#lay();
      this.#tell("sounds");
    });
    hls.on(Hls.Events.AUDIO_TRACK_SWITCHED, (_, { id }) => {
      this.sound = id;
      this.#tell("sounds");
    });
    hls.on(Hls.Events.FRAG_LOADED, () => {
      if (this.#failures > 0) this.#tell("well");
      this.#failures = 0;
    });
    hls.on(Hls.Events.ERROR, (_, data) => void this.#error(hls, data));
    // Before hls.js hears of it, which then asks for the next segment; it may also look by itself a moment earlier.
    this.video.addEventListener("seeking", this.#seeking);
    hls.attachMedia(this.video);
    hls.loadSource(url);
  }

  /** Somebody goes to `position`, s: where nothing is there yet, what is made soonest comes first. */
  approach(/** @type {number} */ position) {
    const { buffered } = this.video;
    const there = [...Array(buffered.length).keys()].some((i) => buffered.start(i) <= position && position < buffered.end(i));
    const level = levelAfterSeek(this.levels, { chosen: this.chosen, playing: this.playing, buffered: there });
    if (this.#hls && level >= 0) this.#hls.nextAutoLevel = level;
  }

  #seeking = () => this.approach(this.video.currentTime);

  #lay() {
    this.#reader?.shift(this.shifts === "sound" ? this.#wishes.early : 0);
  }

  #read(/** @type {Hls} */ hls) {
    this.levels = hls.levels.map(({ uri, height, bitrate, averageBitrate, videoRange }) => ({ uri, height, bitrate, average: averageBitrate, videoRange }));
    return this.levels;
  }

  /** @returns {Partial<import("../vendor/hls.mjs").HlsConfig>} */
  #config() {
    const pauses = { maxNumRetry: TRIES, retryDelayMs: 300, maxRetryDelayMs: LONGEST_PAUSE_MS, backoff: /** @type {const} */ ("exponential") };
    const policy = {
      default: {
        maxTimeToFirstByteMs: FIRST_BYTE_MS,
        maxLoadTimeMs: WHOLE_MS,
        timeoutRetry: pauses,
        errorRetry: { ...pauses, shouldRetry: this.#worthwhile },
      },
    };
    return {
      workerPath: WORKER,
      audioStreamController: shiftedSound((reader) => (this.#reader = reader)),
      autoStartLoad: false,
      testBandwidth: false,
      abrEwmaDefaultEstimate: USUAL_LINE,
      abrEwmaDefaultEstimateMax: USUAL_LINE,
      maxBufferLength: 40,
      backBufferLength: 60,
      manifestLoadPolicy: policy,
      playlistLoadPolicy: policy,
      fragLoadPolicy: policy,
      xhrSetup: async (xhr, url) => {
        await this.access.fresh();
        xhr.open("GET", this.access.renewed(url), true);
      },
    };
  }

  /** @type {NonNullable<import("../vendor/hls.mjs").RetryConfig["shouldRetry"]>} */
  #worthwhile = (config, count, _isTimeout, response, usual) => {
    if (response?.code === 403) return this.access.refused(response.url);
    return usual || (!response?.code && count < (config?.maxNumRetry ?? 0));
  };

  /**
   * @param {Hls} hls
   * @param {import("../vendor/hls.mjs").ErrorData} data
   */
  async #error(hls, data) {
    if (!data.fatal || this.#closed) return;
    this.#failures += 1;
    if (data.type === Hls.ErrorTypes.MEDIA_ERROR) return this.#mend(hls);
    if (data.type !== Hls.ErrorTypes.NETWORK_ERROR) {
      return this.#tell("over", "This browser cannot show this film. Another quality may work, or another browser.");
    }
    if (data.response?.code === 403 && !this.access.refused(data.response.url)) return this.#tell("over", "This film is no longer open to you.");
    this.#tell("trouble", "The connection is lost. Trying again…");
    this.#again = setTimeout(() => void this.#reload(hls), Math.min(LONGEST_PAUSE_MS, 250 * 2 ** this.#failures));
  }

  async #reload(/** @type {Hls} */ hls) {
    try {
      const { hls_url } = await this.access.fresh();
      if (this.#closed) return;
      if (this.levels.length === 0) hls.loadSource(hls_url);
      else hls.startLoad(this.video.currentTime || -1);
    } catch (error) {
      if (this.#closed) return;
      const status = error instanceof Error && "status" in error ? Number(error.status) : 0;
      if (status === 403 || status === 404) return this.#tell("over", "This film is no longer open to you.");
      this.#failures += 1;
      this.#again = setTimeout(() => void this.#reload(hls), LONGEST_PAUSE_MS);
    }
  }

  /** The decoder choked: a new one, twice; then another rendition than the original, if there is one. */
  #mend(/** @type {Hls} */ hls) {
    if (this.#failures <= 2) return hls.recoverMediaError();
    const copy = this.levels.findIndex(isCopy);
    if (copy < 0 || this.levels.length < 2 || this.#failures > 5) {
      return this.#tell("over", "This browser cannot show this film. Another quality may work, or another browser.");
    }
    const chosen = this.levels[this.chosen];
    hls.removeLevel(copy);
    this.chosen = chosen ? this.#read(hls).findIndex(({ uri }) => uri === chosen.uri) : this.chosen;
    this.#read(hls);
    this.#tell("levels");
    hls.recoverMediaError();
  }

  /**
   * @param {string} url
   * @param {number} begin
   */
  #openNative(url, begin) {
    this.video.addEventListener("error", this.#nativeError);
    this.video.addEventListener("playing", this.#note);
    this.video.addEventListener("pause", this.#note);
    this.video.src = url;
    if (begin > 0) this.video.addEventListener("loadedmetadata", () => (this.video.currentTime = begin), { once: true });
  }

  #note = () => {
    if (!this.video.error) this.#moving = !this.video.paused;
  };

  #nativeError = () => {
    if (this.#closed) return;
    this.#failures += 1;
    const at = this.video.currentTime;
    this.#tell("trouble", "The connection is lost. Trying again…");
    this.#again = setTimeout(async () => {
      this.access.refused(this.video.src);
      const answer = await this.access.fresh().catch(() => null);
      if (this.#closed) return;
      if (!answer) return this.#nativeError();
      this.video.removeEventListener("error", this.#nativeError);
      this.#openNative(answer.hls_url, at);
      this.video.addEventListener("canplay", () => this.#tell("well"), { once: true });
      if (this.#moving) this.video.play().catch(() => null); // refused: the person presses play
    }, Math.min(LONGEST_PAUSE_MS, 250 * 2 ** this.#failures));
  };

  #tell(/** @type {string} */ name, /** @type {unknown} */ detail = null) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
