// Sizes, durations and times as people write them.

const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"];

/**
 * "1.4 GB". Powers of 1000, as file managers and disks count.
 *
 * @param {number} bytes
 * @param {string} [locale]
 */
export function size(bytes, locale) {
  const power = Math.min(UNITS.length - 1, bytes >= 1000 ? Math.floor(Math.log10(bytes) / 3) : 0);
  const value = bytes / 1000 ** power;
  return new Intl.NumberFormat(locale, {
    style: "unit",
    unit: UNITS[power],
    unitDisplay: power === 0 ? "long" : "short",
    maximumFractionDigits: power > 1 && value < 10 ? 1 : 0,
  }).format(value);
}

/**
 * "12 MB/s".
 *
 * @param {number} bytesPerSecond
 * @param {string} [locale]
 */
export function speed(bytesPerSecond, locale) {
  return `${size(bytesPerSecond, locale)}/s`;
}

/**
 * "1:02:03", "4:05": how long a film is, or where one stands in it.
 *
 * @param {number} seconds
 */
export function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  if (parts[0] === 0) parts.shift();
  return parts.map((part, i) => (i === 0 ? String(part) : String(part).padStart(2, "0"))).join(":");
}

/**
 * "5 min left": rounded as much as such a guess deserves.
 *
 * @param {number} seconds
 */
export function timeLeft(seconds) {
  if (seconds < 5) return "a few seconds left";
  if (seconds < 55) return `${Math.ceil(seconds / 5) * 5} s left`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${Math.max(1, minutes)} min left`;
  const rest = minutes % 60;
  return rest ? `${Math.floor(minutes / 60)} h ${rest} min left` : `${Math.floor(minutes / 60)} h left`;
}

/**
 * "37%", rounded down: "100%" is only said of what is done.
 *
 * @param {number} fraction 0 to 1
 * @param {string} [locale]
 */
export function percent(fraction, locale) {
  const whole = Math.floor(Math.min(1, Math.max(0, fraction)) * 100) / 100;
  return new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 0 }).format(whole);
}

/** @type {[Intl.RelativeTimeFormatUnit, number][]} */
const SPANS = [["day", 86400], ["hour", 3600], ["minute", 60]];

/**
 * "5 minutes ago", "yesterday"; after a week the date.
 *
 * @param {string} at RFC 3339
 * @param {number} now in milliseconds since 1970
 * @param {string} [locale]
 */
export function ago(at, now, locale) {
  const passed = (now - Date.parse(at)) / 1000;
  if (passed > 7 * 86400) return new Intl.DateTimeFormat(locale, { dateStyle: "medium" }).format(Date.parse(at));
  const span = SPANS.find(([, seconds]) => passed >= seconds);
  if (!span) return "just now";
  return new Intl.RelativeTimeFormat(locale, { numeric: "auto" }).format(-Math.floor(passed / span[1]), span[0]);
}

/**
 * "just now", "20 s ago", "3 min ago", "2 h ago".
 *
 * @param {number} seconds
 */
export function since(seconds) {
  if (seconds < 10) return "just now";
  if (seconds < 60) return `${Math.floor(seconds / 10) * 10} s ago`;
  return seconds < 3600 ? `${Math.floor(seconds / 60)} min ago` : `${Math.floor(seconds / 3600)} h ago`;
}

/**
 * "1 person", "3 people".
 *
 * @param {number} count
 * @param {string} one
 * @param {string} many
 * @param {string} [locale]
 */
export function counted(count, one, many, locale) {
  return `${new Intl.NumberFormat(locale).format(count)} ${count === 1 ? one : many}`;
}
