/**
 * Which of a film's tracks somebody means who chose one of another film: one in the same language.
 *
 * @typedef {{name: string, language: string | null | undefined}} Track
 */

/**
 * The place of the sound track that is wanted, -1 where the film has none like it.
 *
 * @param {Track | null} wanted
 * @param {Track[]} tracks
 */
export function soundFor(wanted, tracks) {
  if (!wanted) return -1;
  const same = tracks.filter((track) => alike(track, wanted));
  const best = same.find(({ name }) => name === wanted.name) ?? same[0];
  return best ? tracks.indexOf(best) : -1;
}

/**
 * The id of the captions that are wanted, null where the film has none like them.
 *
 * @param {Track | null} wanted
 * @param {import("./tracks.js").Subtitle[]} subtitles
 */
export function captionsFor(wanted, subtitles) {
  const at = soundFor(wanted, subtitles.map(({ label, language }) => ({ name: label, language })));
  return subtitles[at]?.id ?? null;
}

/** What was kept, if it is a track; else none. @param {string | null} kept @returns {Track | null} */
export function keptTrack(kept) {
  try {
    const { name, language } = JSON.parse(kept ?? "null") ?? {};
    if (typeof name !== "string" || (typeof language !== "string" && language !== null)) return null;
    return { name, language };
  } catch {
    return null;
  }
}

/** As it is kept. @param {Track} track */
export function keepTrack({ name, language }) {
  return JSON.stringify({ name, language: language ?? null });
}

/** Of one language; where nobody said which, of one name. */
function alike(/** @type {Track} */ one, /** @type {Track} */ other) {
  const [language, wanted] = [tagOf(one), tagOf(other)];
  return language === wanted && (language !== "" || one.name === other.name);
}

/** "de" for "de", "deu" and "de-AT": films say it in many ways. */
function tagOf(/** @type {Track} */ { language }) {
  if (!language || language === "und") return "";
  try {
    return new Intl.Locale(language).language;
  } catch {
    return language.toLowerCase();
  }
}
