// What comes beside a film's stream, for one player: captions and their offset, storyboard and chapters, added subtitles.

import { api } from "../lib/api.js";
import { captionsFor, keepTrack, keptTrack } from "../lib/choosing.js";
import { offsetLabel, offsetOf, STEP } from "../lib/offset.js";
import { isSubtitleFile } from "../lib/tracks.js";
import { Captions } from "./captions.js";
import { forget, own, remember, remembered } from "./memory.js";
import { Preview } from "./preview.js";
import { sentence } from "./problem.js";
import { toast, undoable } from "./toast.js";

/** @typedef {import("../lib/access.js").Answer} Answer */

/** A film that has just come gets its storyboard within seconds: when to ask for it, ms after the last time. */
const MADE_SOON_MS = [5_000, 20_000, 90_000];

/** Event: "change" when there is something else to show in the menu; "said" (detail: a few words) in passing. */
export class Beside extends EventTarget {
  /** @type {import("../lib/access.js").Chapter[]} */
  chapters = [];
  /** Whether this person may add subtitles. */
  mine = false;

  #videoId = "";
  /** Ids of subtitles that are deleted unless somebody takes it back. @type {Set<string>} */
  #leaving = new Set();
  #preview;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #again;
  #asked = 0;
  /** Whether captions change because the film or its list did, not because somebody chose. */
  #settling = false;
  /** Whether those that were wanted of the film before are still to be looked for in this one. */
  #looking = false;

  /** @param {HTMLVideoElement} video */
  constructor(video) {
    super();
    this.captions = new Captions(video);
    this.#preview = new Preview(video);
    this.captions.addEventListener("change", () => {
      if (!this.#settling) this.#keep();
      this.#changed();
    });
  }

  /** Another film, or none. @param {string} videoId */
  open(videoId) {
    this.#videoId = videoId;
    clearTimeout(this.#again);
    this.#asked = 0;
    this.#preview.clear();
    this.chapters = [];
    this.mine = false;
    this.#settle(() => {
      this.captions.choose(null);
      this.captions.show([]);
    });
    this.#looking = true;
    this.captions.shift(videoId ? offsetOf(Number(remembered(this.#key))) : 0);
  }

  /** What the server has just said of it. @param {Answer} answer */
  show(answer) {
    this.#preview.show(answer);
    clearTimeout(this.#again);
    if (!answer.storyboard_url && this.#asked < MADE_SOON_MS.length) {
      this.#again = setTimeout(() => void this.refresh(), MADE_SOON_MS[this.#asked++]);
    }
    this.chapters = answer.chapters ?? [];
    this.#list((answer.subtitles ?? []).filter(({ id }) => !this.#leaving.has(id)));
  }

  /** What somebody wanted of another film they want of this one too; it may come with a later list. */
  #list(/** @type {import("../lib/tracks.js").Subtitle[]} */ subtitles) {
    const wanted = this.#looking ? captionsFor(keptTrack(remembered(own("captions"))), subtitles) : null;
    if (wanted) this.#looking = false;
    this.#settle(() => {
      this.captions.show(subtitles);
      if (wanted) this.captions.choose(wanted);
    });
  }

  #settle(/** @type {() => void} */ change) {
    this.#settling = true;
    change();
    this.#settling = false;
  }

  /** Somebody chose captions, or none. */
  #keep() {
    this.#looking = false;
    const chosen = this.captions.list.find(({ subtitle }) => subtitle.id === this.captions.chosen);
    if (chosen) remember(own("captions"), keepTrack({ name: chosen.subtitle.label, language: chosen.subtitle.language }));
    else forget(own("captions"));
  }

  /** Others may have added something meanwhile. */
  async refresh() {
    const videoId = this.#videoId;
    const answer = await api.get(`${this.#path}/hls`).catch(() => null);
    if (answer && videoId === this.#videoId) this.show(answer);
  }

  /** Whether the film is this person's own; not knowing that is no reason to say anything. */
  async askWhose() {
    const videoId = this.#videoId;
    const film = await api.get(this.#path).catch(() => null);
    if (videoId !== this.#videoId) return;
    this.mine = Boolean(film?.mine);
    this.#changed();
  }

  /** @param {number} seconds */
  shift(seconds) {
    const offset = offsetOf(seconds);
    this.captions.shift(offset);
    if (offset) remember(this.#key, offset);
    else forget(this.#key);
    this.dispatchEvent(new CustomEvent("said", { detail: `Captions ${offsetLabel(offset)}` }));
    this.#changed();
  }

  /** @param {number} steps */
  nudge(steps) {
    if (this.captions.list.length) this.shift(this.captions.offset + steps * STEP);
  }

  /** Files for everybody who may watch the film. @param {Iterable<File>} files */
  async add(files) {
    for (const file of files) await this.#addOne(file);
  }

  async #addOne(/** @type {File} */ file) {
    if (!isSubtitleFile(file.name)) return toast("Subtitles come in files that end in .srt, .vtt, .ass or .ssa.");
    try {
      const { id } = await api.send(`${this.#path}/subtitles?filename=${encodeURIComponent(file.name)}`, file);
      await this.refresh();
      this.captions.choose(id);
      toast(`${file.name} is added. Everybody who watches this film finds it in the menu.`);
    } catch (error) {
      toast(sentence(error));
    }
  }

  /** @param {string} id */
  remove(id) {
    const name = this.captions.list.find(({ subtitle }) => subtitle.id === id)?.name ?? "Subtitles";
    const address = `${this.#path}/subtitles/${encodeURIComponent(id)}`;
    this.#leaving.add(id);
    this.#list(this.captions.list.map(({ subtitle }) => subtitle).filter((kept) => kept.id !== id));
    const settle = () => {
      this.#leaving.delete(id);
      return this.refresh();
    };
    undoable(`${name} is deleted.`, {
      undo: () => void settle(),
      commit: () => void api.delete(address, { keepalive: true }).catch((error) => toast(sentence(error))).then(settle),
    });
  }

  get #path() {
    return `/videos/${encodeURIComponent(this.#videoId)}`;
  }

  get #key() {
    return own(`offset.${this.#videoId}`);
  }

  #changed() {
    this.dispatchEvent(new Event("change"));
  }
}
