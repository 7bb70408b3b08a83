// The title of a page, and how much there is to read on it: "(3) Friday · WatchParty".

let name = document.title;
let count = 0;

/** @param {string} text */
export function entitle(text) {
  name = text;
  write();
}

/** @param {number} unread */
export function countInTitle(unread) {
  count = unread;
  write();
}

function write() {
  document.title = count > 0 ? `(${count > 99 ? "99+" : count}) ${name}` : name;
}
