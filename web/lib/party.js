/**
 * One's seat in a room: the socket, kept alive and taken again, and what the room last said.
 *
 * Requests go up as commands; state comes down as values and events. Nothing here believes a command before the room
 * has answered it. When the socket drops, the values stay and the player goes on along them.
 *
 * Events: "connection", "welcome", "timeline", "prepare", "members", "message", "typing", "reaction", "queue", "video",
 * "room", "notice" (detail: {code, text}), "refusal" (detail: {code, detail}, and for a line that was not said after all its
 * `client_id` and, as `said`, what it was), "over" (detail: a sentence).
 *
 * @typedef {import("./timeline.js").Timeline} Timeline
 * @typedef {import("./messages.js").Member} Member
 * @typedef {import("./messages.js").You} You
 * @typedef {import("./messages.js").Chat} Chat
 * @typedef {import("./messages.js").Room} Room
 * @typedef {import("./messages.js").Message} Message
 * @typedef {import("./clock.js").Clock} Clock
 * @typedef {import("./ticker.js").Ticker} Ticker
 * @typedef {{client_id: string, text: string, reply_to: string | null}} Unsent
 * @typedef {"connecting" | "open" | "lost" | "over"} Connection
 */
import { Probes } from "./clock.js";
import { forgotten, heard, rejoined } from "./history.js";
import { read, write } from "./messages.js";
import { EMPTY, whole } from "./queue.js";
import { allows } from "./rights.js";
import { supersedes } from "./timeline.js";

/** How long to wait before each further try, ms; the last one repeats. */
const RETRY_MS = [250, 500, 1000, 2000, 4000];
/** A socket that said nothing for this long is dead, ms: the server answers a ping every 2 s. */
const DEAD_MS = 12_000;
/** A socket that has not opened after this is given up, ms. */
const OPEN_MS = 8_000;
const TICK_MS = 25;

export class Party extends EventTarget {
  /** @type {Connection} */
  connection = "connecting";
  /** @type {You | null} */
  you = null;
  /** @type {Room | null} */
  room = null;
  /** @type {Timeline | null} */
  timeline = null;
  /** @type {Member[]} */
  members = [];
  /** @type {Chat[]} */
  messages = [];
  /** What was said and not yet heard back. @type {Unsent[]} */
  unsent = [];
  /** @type {import("./queue.js").Queue} */
  queue = EMPTY;
  /** Lets one come back as the same member within a minute. @type {string | null} */
  resume = null;
  /** When, ms of this browser's clock, a lost line is tried again. */
  retryAt = 0;

  /**
   * @param {object} parts
   * @param {() => WebSocket} parts.open       makes a socket
   * @param {Clock} parts.clock
   * @param {Ticker} parts.ticker
   * @param {() => number} [parts.random]      0 to 1
   * @param {string | null} [parts.resume]
   * @param {() => Promise<string | null>} [parts.admitted]  asked before trying again: null, or why there is no way back
   */
  constructor({ open, clock, ticker, random = Math.random, resume = null, admitted = async () => null }) {
    super();
    this.#open = open;
    this.clock = clock;
    this.#ticker = ticker;
    this.#random = random;
    this.#admitted = admitted;
    this.resume = resume;
  }

  #open;
  #ticker;
  #random;
  #admitted;
  /** @type {WebSocket | null} */
  #socket = null;
  #probes = new Probes();
  #tries = 0;
  #heard = 0;
  #cancel = () => {};
  #stopTicks = () => {};
  #named = 0;

  start() {
    this.#stopTicks = this.#ticker.every(TICK_MS, () => this.#tick());
    this.#connect();
  }

  /** Leave for good. */
  leave() {
    this.#end("You have left the room.");
  }

  /** The machine woke, came back to the foreground or online: ask for the time again, and for the socket if it is gone. */
  wake() {
    if (this.connection === "open") this.#burst();
    else if (this.connection === "lost") {
      this.#tries = 0;
      this.#cancel();
      this.#connect();
    }
  }

  // Commands. Each says which revision its sender was looking at, and when.

  play() {
    this.#command("play");
  }

  /** @param {number} [position] where to stand, s: best a moment ahead (lib/halt.js) */
  pause(position) {
    this.#command("pause", position === undefined ? {} : { position });
  }

  seek(/** @type {number} */ position) {
    this.#command("seek", { position });
  }

  rate(/** @type {number} */ rate) {
    this.#send("rate", { seen: this.#seen, rate });
  }

  load(/** @type {string} */ videoId) {
    this.#send("load", { seen: this.#seen, video_id: videoId });
  }

  /** @param {{revision: number, position: number, buffered: number, state: string, drift_ms?: number | null, rtt_ms?: number | null, silenced?: boolean}} status */
  status(status) {
    this.#send("status", status);
  }

  /** Said now, or as soon as there is a line again. */
  chat(/** @type {string} */ text, /** @type {string | null} */ replyTo = null) {
    const said = { client_id: `${Math.floor(this.#random() * 2 ** 48).toString(36)}-${++this.#named}`, text, reply_to: replyTo };
    this.unsent = [...this.unsent, said];
    this.#say(said);
    this.#tell("message");
  }

  /** Take a line back. */
  unsay(/** @type {string} */ id) {
    this.#send("unsay", { id });
  }

  /** Older lines, which the room did not bring along. */
  remember(/** @type {Chat[]} */ older) {
    this.messages = [...older, ...this.messages];
    this.#tell("message");
  }

  typing(/** @type {boolean} */ on) {
    this.#send("typing", { on });
  }

  reaction(/** @type {string} */ emoji) {
    this.#send("reaction", { emoji });
  }

  /** @param {"promote" | "demote" | "kick" | "mute"} op */
  member(op, /** @type {string} */ memberId) {
    this.#send("member", { op, member_id: memberId });
  }

  /** @param {"add" | "remove" | "move" | "next" | "vote" | "stay"} op */
  changeQueue(op, /** @type {Record<string, unknown>} */ fields = {}) {
    this.#send("queue", { op, ...fields });
  }

  /** Start without those the room waits for. */
  playNow() {
    this.#send("wait", { op: "play_now" });
  }

  /** Whether one may do this here, as things stand. */
  may(/** @type {import("./rights.js").Action} */ action) {
    return allows(this.room?.rights, this.you?.role, action);
  }

  get isHost() {
    return this.you?.role === "host" || this.you?.role === "cohost";
  }

  /** A member's name, also of someone who has left. */
  nameOf(/** @type {string | null | undefined} */ id) {
    if (!id) return null;
    return this.members.find((member) => member.id === id)?.name ?? this.#names.get(id) ?? null;
  }

  /** @type {Map<string, string>} */
  #names = new Map();

  get #seen() {
    return this.timeline?.revision ?? 0;
  }

  /** @param {"play" | "pause" | "seek"} type */
  #command(type, fields = {}) {
    this.#send(type, { seen: this.#seen, ...fields, ...(this.clock.known ? { at: this.clock.serverNow() } : {}) });
  }

  /** @param {Parameters<typeof write>[0]} type */
  #send(type, /** @type {Record<string, unknown>} */ fields = {}) {
    if (this.#socket?.readyState !== 1) return false;
    this.#socket.send(write(type, fields));
    return true;
  }

  #say(/** @type {Unsent} */ { client_id, text, reply_to }) {
    if (this.connection === "open") this.#send("chat", { client_id, text, ...(reply_to ? { reply_to } : {}) });
  }

  #connect() {
    if (this.connection === "over") return;
    const socket = this.#open();
    this.#socket = socket;
    this.#heard = this.clock.now();
    socket.addEventListener("open", () => {
      if (socket !== this.#socket) return;
      this.#send("hello", this.resume ? { resume: this.resume } : {});
      this.#burst();
    });
    socket.addEventListener("message", ({ data }) => {
      if (socket === this.#socket) this.#hear(data);
    });
    socket.addEventListener("close", (event) => {
      if (socket === this.#socket) this.#lost(event.code, event.reason);
    });
  }

  #hear(/** @type {unknown} */ data) {
    const received = this.clock.now();
    const message = read(data);
    this.#heard = received;
    if (!message) return;
    if (message.type === "pong") this.clock.add({ t0: message.t0, t1: message.t1, t2: message.t2, t3: received });
    else this.#take(message);
  }

  #take(/** @type {Message} */ message) {
    switch (message.type) {
      case "welcome":
        return this.#welcome(message);
      case "timeline":
        return this.#newTimeline(/** @type {any} */ (message));
      case "presence":
        this.#setMembers(message.members);
        return this.#tell("members");
      case "chat":
        this.unsent = this.unsent.filter(({ client_id }) => client_id !== message.client_id);
        this.messages = heard(this.messages, /** @type {any} */ (message));
        return this.#tell("message");
      case "unsaid":
        this.messages = forgotten(this.messages, /** @type {any} */ (message));
        return this.#tell("message");
      case "room":
        this.room = message.room;
        return this.#tell("room");
      case "queue":
        this.queue = whole(/** @type {any} */ (message));
        return this.#tell("queue");
      case "error":
        if (message.timeline) this.#newTimeline(message.timeline);
        return this.#refused(message);
      default:
        return this.#tell(message.type, message);
    }
  }

  #welcome(/** @type {Message} */ { you, room, timeline, members, messages, queue, resume }) {
    this.#tries = 0;
    this.you = you;
    this.room = room;
    this.resume = resume ?? null;
    this.#setMembers(members);
    this.messages = rejoined(this.messages, messages);
    this.queue = whole({ items: queue });
    // A server that was started again counts on from what it had stored, which may be less than what was seen here.
    this.timeline = null;
    const heard = new Set(messages.map((/** @type {Chat} */ { client_id }) => client_id));
    this.unsent = this.unsent.filter(({ client_id }) => !heard.has(client_id));
    this.#be("open");
    this.unsent.forEach((said) => this.#say(said));
    this.#tell("welcome");
    this.#tell("members");
    this.#tell("message");
    this.#tell("queue");
    this.#newTimeline(timeline);
  }

  #refused(/** @type {Message} */ message) {
    const said = this.unsent.find(({ client_id }) => client_id === message.client_id);
    this.unsent = this.unsent.filter((one) => one !== said);
    this.#tell("refusal", { ...message, said });
    if (said) this.#tell("message");
  }

  #newTimeline(/** @type {Timeline} */ timeline) {
    if (!supersedes(this.timeline, timeline)) return;
    this.timeline = timeline;
    this.#tell("timeline");
  }

  #setMembers(/** @type {Member[]} */ members) {
    this.members = members;
    for (const { id, name } of members) this.#names.set(id, name);
    const you = members.find(({ id }) => id === this.you?.id);
    if (you) this.you = { id: you.id, name: you.name, role: you.role };
  }

  async #lost(/** @type {number} */ code, /** @type {string} */ reason) {
    this.#socket = null;
    this.#probes.stop();
    if (this.connection === "over") return;
    const final = FINAL[code];
    if (final) return this.#end(reason || final);
    this.#be("lost");
    // The first try is made at once; from the second on it is asked whether there is still a way back.
    const wait = RETRY_MS[Math.min(this.#tries, RETRY_MS.length - 1)] ?? 4000;
    const asks = this.#tries++ > 0;
    const delay = wait * (0.75 + 0.5 * this.#random());
    this.retryAt = this.clock.now() + delay;
    this.#cancel = this.#ticker.after(delay, async () => {
      const why = asks ? await this.#admitted() : null;
      if (this.connection !== "lost" || this.#socket) return;
      if (why) this.#end(why);
      else this.#connect();
    });
  }

  #burst() {
    this.clock.loosen();
    this.#probes.burst(this.clock.now());
    this.#tick();
  }

  #tick() {
    const now = this.clock.now();
    if (this.#socket?.readyState === 1) {
      const bursting = this.#probes.bursting;
      if (this.#probes.due(now, this.clock.unsteady)) this.#send("ping", { t0: this.clock.now() });
      if (bursting && !this.#probes.bursting) this.#ticker.after(150, () => this.clock.firm());
    }
    const limit = this.connection === "open" ? DEAD_MS : OPEN_MS;
    if (this.#socket && now - this.#heard > limit) this.#abandon();
  }

  /** Not waited for: closing a dead line can take a minute. */
  #abandon() {
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
    void this.#lost(1006, "");
  }

  #end(/** @type {string} */ why) {
    this.#cancel();
    this.#stopTicks();
    this.#be("over");
    const socket = this.#socket;
    this.#socket = null;
    socket?.close(1000);
    this.#tell("over", why);
  }

  #be(/** @type {Connection} */ connection) {
    if (connection === this.connection) return;
    this.connection = connection;
    this.#tell("connection");
  }

  #tell(/** @type {string} */ name, /** @type {unknown} */ detail = null) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

/** Closings after which there is no coming back, and what to say when the server did not. @type {Record<number, string>} */
const FINAL = {
  4001: "Your session has ended. Sign in again to come back.",
  4003: "You are no longer in this room.",
  4004: "This room has been closed.",
};
