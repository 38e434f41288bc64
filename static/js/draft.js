// Saves the step by itself: one second after the last key, three seconds at most after the first.
// When the portal cannot be reached it says so, keeps the text in the page, and tries again.
"use strict";
const form = document.querySelector("[data-draft]");
const SIGN_IN = [200, 401, 403]; // what answers for a page that needs somebody signed in
const PAUSE = 1000;
const AT_MOST = 3000;
const AGAIN = 5000;
let since = 0; // when the first letter that is not saved yet was typed
let timer = 0;
let flying = false;
let paused = false; // by a conflict, until the writer saves
let failed = false;
let leaving = null; // the button that was pressed while a save was under way

const save = () => {
  clearTimeout(timer);
  if (flying || paused) return;
  flying = true;
  since = 0;
  htmx.trigger(form, "autosave");
};

const touched = (event) => {
  if (event && event.target.type === "file") return; // files go with the button
  since ||= Date.now();
  clearTimeout(timer);
  timer = setTimeout(save, Math.max(0, Math.min(PAUSE, since + AT_MOST - Date.now())));
};

const say = (text) => {
  const line = document.getElementById("saved");
  line.classList.add("saved-amber");
  line.textContent = text;
};

form.addEventListener("input", touched);
form.addEventListener("change", touched);
window.addEventListener("online", () => { if (since) save(); });

form.addEventListener("htmx:beforeSwap", (event) => {
  // a conflict comes with both texts; a page that is not ours (sign-in) is not put in
  const said = event.detail.xhr.getResponseHeader("X-Draft");
  if (event.detail.requestConfig.elt === form) event.detail.shouldSwap = Boolean(said);
});

form.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.requestConfig.elt !== form) return;
  flying = false;
  const said = event.detail.xhr.getResponseHeader("X-Draft");
  paused = said === "conflict" || said === "closed";
  failed = !said;
  if (leaving) {
    form.requestSubmit(leaving);
  } else if (failed) {
    say(SIGN_IN.includes(event.detail.xhr.status) ? form.dataset.signin : form.dataset.failed);
    since ||= Date.now();
    timer = setTimeout(save, AGAIN);
  } else if (since) {
    touched();
  }
});

form.addEventListener("submit", (event) => {
  clearTimeout(timer);
  if (flying && !leaving) { // the answer brings the marks that this very form must send
    event.preventDefault();
    leaving = event.submitter;
    setTimeout(() => { if (flying) { flying = false; form.requestSubmit(leaving); } }, 3000);
    return;
  }
  since = 0;
});

// the last words, typed within the second before somebody follows a link
window.addEventListener("pagehide", () => {
  if (since && !flying && !paused) navigator.sendBeacon(form.action, new FormData(form));
});

window.addEventListener("beforeunload", (event) => {
  if (failed && since) event.preventDefault();
});
