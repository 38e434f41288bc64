// Lets the browser keep the agenda for when there is no network (forum/day/offline.js).
"use strict";
const worker = document.currentScript.dataset.worker;
// A browser may forbid it, as in a private window: the page works without it.
navigator.serviceWorker?.register(worker).catch(() => {});
