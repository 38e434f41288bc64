// Warns before choices of the ballot are left that have not been sent.
"use strict";
const ballot = document.querySelector("[data-unsent]");
let unsent = false;
ballot.addEventListener("change", () => { unsent = true; });
ballot.addEventListener("submit", () => { unsent = false; });
window.addEventListener("beforeunload", (event) => {
  if (unsent) event.preventDefault();
});
