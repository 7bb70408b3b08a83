import assert from "node:assert/strict";
import { test } from "node:test";
import { isSubtitleFile, languageName, numbered, trackName } from "../../web/lib/tracks.js";

test("a language has its name in the reader's own, however its code is written", () => {
  for (const tag of ["de", "ger", "deu"]) assert.equal(languageName(tag, "en"), "German");
  assert.equal(languageName("pt-BR", "en"), "Brazilian Portuguese");
  assert.equal(languageName("de", "fr"), "Allemand");
});

test("nobody's language has no name", () => {
  for (const tag of ["und", "", null, undefined, "xyz", "not a tag", "../.."]) assert.equal(languageName(tag, "en"), null);
});

test("a track is called by its language, and by what else there is to say", () => {
  const name = (label, language) => trackName({ label, language }, "en");
  assert.equal(name("de", "de"), "German");
  assert.equal(name("ger (2)", "ger"), "German (2)");
  assert.equal(name("Director's comments", "en"), "English (Director's comments)");
  assert.equal(name("SDH", "en"), "English (SDH)");
  assert.equal(name("English for the deaf", "eng"), "English for the deaf");
  assert.equal(name("Sound", undefined), "Sound");
  assert.equal(name("film.the", "und"), "film.the");
});

test("names in a menu differ", () => {
  assert.deepEqual(numbered(["German", "English", "German", "German"]), ["German", "English", "German (2)", "German (3)"]);
});

test("subtitle files are known by their extension", () => {
  assert.deepEqual(["a.srt", "a.VTT", "a.ass", "a.ssa", "a.txt", "srt", "a.srt.exe"].map(isSubtitleFile), [true, true, true, true, false, false, false]);
});
