// Small things this browser remembers for its person. A browser that keeps nothing for pages only forgets them.

const PREFIX = "watchparty.";

/**
 * The name under which this device remembers what one of its people likes: theirs while they are signed in, the device's
 * for guests.
 *
 * @param {string} name
 */
export function own(name) {
  const { person } = document.body.dataset;
  return person ? `${name}.${person}` : name;
}

/** @param {string} name */
export function remembered(name) {
  try {
    return localStorage.getItem(PREFIX + name);
  } catch {
    return null;
  }
}

/** @param {string} name */
export function forget(name) {
  try {
    localStorage.removeItem(PREFIX + name);
  } catch {
    return; // nothing was kept either
  }
}

/**
 * @param {string} name
 * @param {string | number} value
 */
export function remember(name, value) {
  try {
    localStorage.setItem(PREFIX + name, String(value));
  } catch {
    return; // private windows and full disks: the choice holds as long as the page
  }
}
