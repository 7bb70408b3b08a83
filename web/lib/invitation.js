/**
 * An invitation as words for a mail or a chat.
 *
 * @typedef {{url: string, pin: string | null, expires_at: string}} Invite
 * @typedef {{room: string, film: string | null, pinPage: string, locale?: string}} About
 */

/** Until when an invitation holds, for people. */
export function until(/** @type {string} */ expiresAt, /** @type {string | undefined} */ locale = undefined) {
  return new Date(expiresAt).toLocaleString(locale, { dateStyle: "medium", timeStyle: "short" });
}

/**
 * Subject and text of an invitation.
 *
 * @param {Invite} invite
 * @param {About} about
 */
export function words({ url, pin, expires_at }, { room, film, pinPage, locale }) {
  const what = film ? `We watch “${film}” together` : "We watch a film together";
  const lines = [
    `${what} in the room “${room}”. Come in here:`,
    url,
    "",
    ...(pin ? [`Or open ${pinPage} and type the PIN ${pin}.`] : []),
    `This works until ${until(expires_at, locale)}.`,
  ];
  return { subject: film ? `${film}, together: ${room}` : `Watch together: ${room}`, text: lines.join("\n") };
}

/**
 * A link that opens the mail program with the invitation written (RFC 6068). Nothing is sent by it.
 *
 * @param {string} address may be empty
 * @param {{subject: string, text: string}} words
 */
export function mailto(address, { subject, text }) {
  const body = text.replaceAll("\n", "\r\n");
  return `mailto:${encodeURIComponent(address.trim()).replaceAll("%40", "@")}?subject=${encodeURIComponent(subject)}&body=${encodeURIComponent(body)}`;
}

/**
 * Whether an invitation still opens the door.
 *
 * @param {{expires_at: string, uses: number, max_uses: number | null}} invite
 * @param {number} now Unix ms
 */
export function holds({ expires_at, uses, max_uses }, now) {
  return Date.parse(expires_at) > now && (max_uses === null || uses < max_uses);
}
