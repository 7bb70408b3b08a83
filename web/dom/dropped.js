// Files that were dropped, those in folders too.

/**
 * @param {DataTransfer} transfer
 * @returns {Promise<File[]>}
 */
export async function droppedFiles(transfer) {
  // Asked for at once: after the first wait the browser has forgotten what was dropped.
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter((entry) => entry !== null && entry !== undefined);
  if (entries.length === 0) return [...transfer.files];
  return (await Promise.all(entries.map((entry) => filesOf(entry, false)))).flat();
}

/**
 * @param {any} entry
 * @param {boolean} inFolder of a folder, only what may be a film
 * @returns {Promise<File[]>}
 */
async function filesOf(entry, inFolder) {
  if (entry.isFile) {
    const file = await new Promise((resolve, reject) => entry.file(resolve, reject));
    return !inFolder || isFilm(file) ? [file] : [];
  }
  const reader = entry.createReader();
  const found = [];
  // A folder is told a hundred entries at a time.
  for (let some = await next(reader); some.length > 0; some = await next(reader)) found.push(...some);
  return (await Promise.all(found.map((each) => filesOf(each, true)))).flat();
}

/** @returns {Promise<any[]>} */
function next(/** @type {any} */ reader) {
  return new Promise((resolve, reject) => reader.readEntries(resolve, reject));
}

/** @param {File} file */
function isFilm({ type, name }) {
  return /^(video|audio)\//.test(type) || /\.(mkv|avi|ts|m2ts|mts|flv|wmv|ogv|mp4|mov|webm)$/i.test(name);
}
