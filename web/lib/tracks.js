/**
 * What sound tracks and captions are called in a menu.
 *
 * @typedef {{id: string, label: string, language: string | null, url: string, uploaded?: boolean}} Subtitle
 */

/**
 * "German" for "de", "ger" or "deu"; null when nobody said, or the browser knows no such language.
 *
 * @param {string | null | undefined} tag
 * @param {string} [locale]
 */
export function languageName(tag, locale) {
  if (!tag || tag === "und") return null;
  try {
    const known = new Intl.DisplayNames(locale ? [locale] : undefined, { type: "language", fallback: "none" }).of(tag);
    return known ? known[0]?.toLocaleUpperCase(locale) + known.slice(1) : null;
  } catch {
    return null; // not even the shape of a language tag
  }
}

/**
 * "German", "German (Director's comments)", "film.the": the language, and what else there is to say.
 *
 * @param {{label: string, language: string | null | undefined}} track
 * @param {string} [locale]
 */
export function trackName({ label, language }, locale) {
  const name = languageName(language, locale);
  if (!name) return label;
  // Players number tracks of one name: "ger (2)".
  const own = label.replace(/ \(\d+\)$/, "");
  if (own.toLocaleLowerCase() === language?.toLocaleLowerCase()) return label === own ? name : name + label.slice(own.length);
  return own.toLocaleLowerCase().includes(name.toLocaleLowerCase()) ? label : `${name} (${label})`;
}

/**
 * Names that differ: what has the name of one before it gets a number.
 *
 * @param {string[]} names
 */
export function numbered(names) {
  return names.map((name, i) => {
    const before = names.slice(0, i).filter((other) => other === name).length;
    return before ? `${name} (${before + 1})` : name;
  });
}

/** Whether somebody dropped a file of subtitles. @param {string} filename */
export function isSubtitleFile(filename) {
  return /\.(srt|vtt|ass|ssa)$/i.test(filename);
}
