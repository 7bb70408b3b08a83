// What is fetched when it is wanted, and not with the page: the code of an element that nobody sees at first.

import { toast } from "./toast.js";

/**
 * An element, made once its code is here. When that cannot be fetched, it is said, and the answer is null.
 *
 * @param {string} tag
 * @param {() => Promise<unknown>} load  imports the module that defines it; asked again after a failure
 * @returns {Promise<any>}
 */
export async function later(tag, load) {
  try {
    await load();
  } catch {
    toast("A part of this page could not be fetched.", { action: { label: "Load the page again", run: () => location.reload() }, seconds: 10 });
    return null;
  }
  return document.createElement(tag);
}

/**
 * The same element each time it is wanted, made for the first of them.
 *
 * @param {string} tag
 * @param {() => Promise<unknown>} load
 * @param {(element: any) => void} place  puts it into the page, with what it needs
 * @returns {() => Promise<any>} the element, or null
 */
export function onceWanted(tag, load, place) {
  /** @type {Promise<any> | null} */
  let made = null;
  return async () => {
    made ??= later(tag, load);
    const element = await made;
    if (!element) made = null;
    else if (!element.isConnected) place(element);
    return element;
  };
}

/** Has the server told how much of a film was watched; that it cannot be is no reason to disturb anybody. */
export async function countingViews(/** @type {HTMLElement} */ player) {
  const counting = await import("./viewing.js").catch(() => null);
  counting?.countViews(player);
}
