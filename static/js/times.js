// Adds the reader's own time beside times of a place, when the browser's clock shows another one,
// and tells a sign-up form which zone that is. Without a script nothing is said of it.
"use strict";
const words = document.currentScript.dataset.own;
const ownZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
// Days are written as the pages write them: “29 September”, not “September 29”.
const page = document.documentElement.lang;
const language = `${page === "en" ? "en-GB" : page}-u-nu-latn-hc-h23`;
const asDay = new Intl.DateTimeFormat(language, { day: "numeric", month: "long" });
const asTime = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit" });

// The day by the clock of a place so many minutes ahead of UTC, and by the reader's.
const dayThere = (at, offset) => new Date(at.getTime() + offset * 60000).toISOString().slice(0, 10);
const dayHere = (at) => dayThere(at, -at.getTimezoneOffset());

const ownTime = (element) => {
  const start = new Date(element.dateTime);
  const offset = Number(element.dataset.offset);
  if (-start.getTimezoneOffset() === offset) return "";
  let text = asTime.format(start);
  if (element.dataset.until) text += `–${asTime.format(new Date(element.dataset.until))}`;
  return dayThere(start, offset) === dayHere(start) ? text : `${asDay.format(start)}, ${text}`;
};

// The sentence in the page's language; times and names keep their own direction in it.
const sentence = (values) => words.split(/(\{time\}|\{zone\})/).map((part) => {
  if (!(part in values)) return part;
  const piece = document.createElement("bdi");
  piece.textContent = values[part];
  return piece;
});

const addOwnTimes = (root) => {
  for (const element of root.querySelectorAll("time[data-offset]:not([data-own])")) {
    element.dataset.own = "";
    const text = ownTime(element);
    if (!text) continue;
    const line = document.createElement("span");
    line.className = "own-time muted small";
    line.append(...sentence({ "{time}": text, "{zone}": ownZone.replaceAll("_", " ") }));
    (element.closest("bdi") || element).after(" ", line);
  }
};

addOwnTimes(document);
document.addEventListener("htmx:afterSwap", () => addOwnTimes(document));
document.addEventListener("htmx:oobAfterSwap", () => addOwnTimes(document));
for (const field of document.querySelectorAll("input[data-browser-zone]")) field.value = ownZone;
