/** What the bell shows in little. */
export function few(/** @type {number} */ unread) {
  return unread > 99 ? "99+" : String(unread);
}

/** And what it is called. */
export function bellLabel(/** @type {number} */ unread) {
  return unread > 0 ? `Notifications, ${unread} unread` : "Notifications";
}
