// Forms that speak to the API: one request at a time, errors beside the field they are about.

import { ApiProblem } from "../lib/api.js";
import { the } from "./html.js";
import { showProblem } from "./problem.js";

/** @typedef {Record<string, string>} Values */

/**
 * Sends `form` by `act` instead of by loading a page. What `act` throws is shown: beside the fields it names, otherwise in the
 * form's `[data-problem]` notice.
 *
 * @param {HTMLFormElement} form
 * @param {(values: Values) => Promise<void>} act
 */
export function submits(form, act) {
  let busy = false;
  // The browser's bubbles vanish and cannot be styled; the same sentences go beside the fields.
  form.noValidate = true;
  form.addEventListener("input", (event) => clear(/** @type {Element} */ (event.target)));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (busy || !valid(form)) return;
    busy = true;
    setBusy(form, true);
    showProblem(form, null);
    try {
      await act(values(form));
    } catch (error) {
      explain(form, error);
    } finally {
      busy = false;
      setBusy(form, false);
    }
  });
}

/**
 * What the form holds; fields left empty are left out.
 *
 * @param {HTMLFormElement} form
 * @returns {Values}
 */
export function values(form) {
  /** @type {Values} */
  const found = {};
  for (const [name, value] of new FormData(form)) if (typeof value === "string" && value !== "") found[name] = value;
  return found;
}

/** @param {HTMLFormElement} form */
function valid(form) {
  const wrong = inputs(form).filter((input) => !input.validity.valid);
  for (const input of inputs(form)) mark(form, input.name, input.validity.valid ? null : input.validationMessage);
  wrong[0]?.focus();
  return wrong.length === 0;
}

/**
 * @param {HTMLFormElement} form
 * @param {unknown} error
 */
function explain(form, error) {
  const about = error instanceof ApiProblem ? inputs(form).filter(({ name }) => error.field(name) !== null) : [];
  for (const { name } of about) mark(form, name, /** @type {ApiProblem} */ (error).field(name));
  if (about.length === 0) showProblem(form, error);
  about[0]?.focus();
}

/**
 * @param {HTMLFormElement} form
 * @param {string} name
 * @param {string | null} error
 */
function mark(form, name, error) {
  const input = inputs(form).find((known) => known.name === name);
  const words = input && form.querySelector(`#${CSS.escape(input.id)}-error`);
  if (!input || !words) return;
  if (error === null) input.removeAttribute("aria-invalid");
  else input.setAttribute("aria-invalid", "true");
  words.textContent = error ?? "";
}

/** @param {Element} input */
function clear(input) {
  if (input instanceof HTMLInputElement && input.form && input.hasAttribute("aria-invalid")) mark(input.form, input.name, null);
}

/**
 * @param {HTMLFormElement} form
 * @param {boolean} busy
 */
function setBusy(form, busy) {
  // Not `disabled`: that would throw the keyboard's focus away.
  the(form, "[type=submit]", HTMLButtonElement).setAttribute("aria-busy", String(busy));
}

/** @param {HTMLFormElement} form */
function inputs(form) {
  return [...form.elements].filter((element) => element instanceof HTMLInputElement);
}
