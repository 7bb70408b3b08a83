/**
 * Who may do what in a room: for each action the least role that may, as watchparty/domain/rights.py has it.
 *
 * @typedef {"guest" | "member" | "cohost" | "host"} Role
 * @typedef {"play" | "seek" | "rate" | "queue" | "chat" | "invite" | "kick"} Action
 * @typedef {Record<Action, Role>} Rights
 */

/** From the lowest to the highest. @type {Role[]} */
export const ROLES = ["guest", "member", "cohost", "host"];

/** Every action, in words that follow "may". @type {Record<Action, string>} */
export const ACTIONS = {
  play: "play and pause",
  seek: "jump in the film",
  rate: "change the speed",
  queue: "choose films",
  chat: "write in the chat",
  invite: "invite people",
  kick: "mute people and show them out",
};

/** @type {Record<Role, string>} */
const WHO = { guest: "Everybody", member: "Only members and hosts", cohost: "Only hosts", host: "Only the host" };

/**
 * Whether a role is enough. Somebody of no known role may nothing.
 *
 * @param {Rights | null | undefined} rights
 * @param {string | null | undefined} role
 * @param {Action} action
 */
export function allows(rights, role, action) {
  return rights ? ROLES.indexOf(/** @type {Role} */ (role)) >= ROLES.indexOf(rights[action]) : false;
}

/**
 * Whether a role stands above another, so that something may be done about whoever has it. Co-hosts are the host's alone.
 *
 * @param {string} role
 * @param {string} other
 * @param {boolean} owner whether it is the host's own role, not one held while the host is away
 */
export function mayActOn(role, other, owner) {
  if (other === "host" || (other === "cohost" && !owner)) return false;
  return owner || ROLES.indexOf(/** @type {Role} */ (role)) > ROLES.indexOf(/** @type {Role} */ (other));
}

/** A right as a sentence: "Only hosts may choose films." */
export function whoMay(/** @type {Rights} */ rights, /** @type {Action} */ action) {
  return `${WHO[rights[action]]} may ${ACTIONS[action]} here.`;
}
