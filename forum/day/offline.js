// Shows the agenda of one edition without a network (docs/forum.md, “Offline”). The portal writes COPY
// above this text: what is kept, in which language, and the release that it is of.
"use strict";
const NAME = `agenda ${COPY.page} `;
const CACHE = NAME + COPY.release;
const SAVED = "X-Saved-At";

// Without cookies it is the page of everybody: no draft, no stars, no name.
const keep = async () => {
  const cache = await caches.open(CACHE);
  await cache.addAll(COPY.files);
  const page = await fetch(COPY.page, { credentials: "omit", cache: "reload" });
  if (!page.ok) throw new Error(`${COPY.page}: ${page.status}`);
  const headers = new Headers(page.headers);
  headers.delete("Content-Encoding");
  headers.set(SAVED, new Date().toISOString());
  await cache.put(COPY.page, new Response(await page.text(), { headers }));
};

const inWords = (moment) => {
  const isToday = moment.toDateString() === new Date().toDateString();
  const day = isToday ? {} : { day: "numeric", month: "long" };
  const form = { hour: "2-digit", minute: "2-digit", ...day };
  return new Intl.DateTimeFormat(`${COPY.language}-u-nu-latn-hc-h23`, form).format(moment);
};

const saved = async () => {
  const page = await caches.match(COPY.page, { cacheName: CACHE });
  if (!page) return Response.error();
  const text = await page.text();
  const at = inWords(new Date(page.headers.get(SAVED)));
  const told = text.replace('id="saved-copy" hidden', 'id="saved-copy"').replace("{saved}", at);
  return new Response(told, { headers: page.headers });
};

self.addEventListener("install", (event) => {
  event.waitUntil(keep().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const clear = async () => {
    const names = await caches.keys();
    const old = names.filter((name) => name.startsWith(NAME) && name !== CACHE);
    await Promise.all(old.map((name) => caches.delete(name)));
    await self.clients.claim();
  };
  event.waitUntil(clear());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  if (request.mode === "navigate") {
    event.respondWith(fetch(request).catch(saved));
  } else if (COPY.files.includes(new URL(request.url).pathname)) {
    const kept = () => caches.match(request, { cacheName: CACHE });
    event.respondWith(fetch(request).catch(kept));
  }
});
