// What administrators read and write, as people say it.

/** @type {Record<string, string>} */
const DEEDS = {
  "settings.changed": "Settings changed",
  "user.created": "Account made",
  "user.deleted": "Account deleted",
  "user.disabled": "Account shut",
  "user.enabled": "Account opened",
  "user.role": "Role changed",
  "user.renamed": "Name changed",
  "user.quota": "Room for films changed",
  "user.signed-out": "Signed out everywhere",
  "user.two-step-ended": "Second step ended",
  "user.password-link": "Password link made",
  "user.password-chosen": "Password chosen by a link",
  "backup.made": "Backup made",
  "backup.deleted": "Backup deleted",
  "backup.downloaded": "Backup taken away",
  "backup.uploaded": "Backup brought",
  "backup.restored": "Restore asked for",
  "backup.in-place": "Backup put in place",
  "queue.paused": "Background work paused",
  "queue.resumed": "Background work resumed",
};

/**
 * What was done; a deed that has no words here is said as it is kept.
 *
 * @param {string} action
 */
export function deed(action) {
  return DEEDS[action] ?? action;
}

/**
 * One line for each thing that changed: "quota: 1 → 2".
 *
 * @param {Record<string, unknown> | null} before
 * @param {Record<string, unknown> | null} after
 */
export function changes(before, after) {
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])];
  return names.map((name) => {
    const [old, now] = [before?.[name], after?.[name]].map(said);
    if (old === "") return `${name}: ${now}`;
    return now === "" ? `${name}: was ${old}` : `${name}: ${old} → ${now}`;
  });
}

/** @type {Record<string, string>} */
const KINDS = {
  "by-hand": "Made by hand",
  schedule: "Made by itself, daily",
  "before-restore": "Before a restore",
  "before-migration": "Before an upgrade",
  uploaded: "Brought from elsewhere",
};

/** Why a backup was made. @param {string} kind */
export function backupKind(kind) {
  return KINDS[kind] ?? kind;
}

/** @type {Record<string, number>} */
const UNITS = { "": 1, b: 1, kb: 1e3, mb: 1e6, gb: 1e9, tb: 1e12, kib: 2 ** 10, mib: 2 ** 20, gib: 2 ** 30, tib: 2 ** 40 };

/**
 * How many bytes "10 GB", "1.5 TB" or "500 MiB" are; null for what is no size.
 *
 * @param {string} text
 */
export function bytesOf(text) {
  const match = /^\s*(\d+(?:[.,]\d+)?)\s*([a-z]*)\s*$/i.exec(text);
  const unit = match && UNITS[match[2].toLowerCase()];
  return match && unit ? Math.round(Number(match[1].replace(",", ".")) * unit) : null;
}

/**
 * Bytes as `bytesOf` reads them, without a loss: in the largest unit that comes out even enough to be read.
 *
 * @param {number} bytes
 */
export function bytesText(bytes) {
  for (const unit of ["TiB", "GiB", "MiB", "TB", "GB", "MB", "kB"]) {
    const value = bytes / UNITS[unit.toLowerCase()];
    if (value >= 1 && Number(value.toFixed(2)) === value) return `${value} ${unit}`;
  }
  return `${bytes} B`;
}

/** @param {unknown} value */
function said(value) {
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}
