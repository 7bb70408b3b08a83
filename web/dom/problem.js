// Errors beside what caused them.

import { ApiProblem } from "../lib/api.js";
import { icon } from "./html.js";

/**
 * A sentence for whatever was thrown. Somebody whose session has ended is led to the door, and back here afterwards.
 *
 * @param {unknown} error
 * @returns {string}
 */
export function sentence(error) {
  if (!(error instanceof ApiProblem)) throw error;
  if (error.status === 401 && !atTheDoor()) {
    location.assign(`/login?next=${encodeURIComponent(location.pathname + location.search)}`);
    return "You have been signed out.";
  }
  return error.retryAfter ? `${error.detail} Try again in ${Math.ceil(error.retryAfter)} seconds.` : error.detail;
}

/**
 * Says it in the notice that the markup keeps for it (`[data-problem]`), with a way to try again where there is one.
 *
 * @param {ParentNode} root
 * @param {unknown} error null takes the notice away
 */
export function showProblem(root, error) {
  const notice = root.querySelector("[data-problem]");
  if (!(notice instanceof HTMLElement)) throw new Error("This page has no place for a problem.");
  notice.hidden = error === null;
  if (error === null) return notice.replaceChildren();
  const words = document.createElement("p");
  words.textContent = sentence(error);
  notice.replaceChildren(icon("alert"), words);
}

function atTheDoor() {
  return ["/login", "/register", "/setup", "/password"].includes(location.pathname);
}
