// Opens the check-in page without a network (docs/forum.md, “Check-in”). The portal writes COPY above
// this text: what is kept. The page holds no names; these are in the storage of its script.
"use strict";
const CACHE = `check-in ${COPY.page}`;

const store = async (page) => {
  if (!page.ok || page.redirected) return;
  const cache = await caches.open(CACHE);
  const headers = new Headers(page.headers);
  headers.delete("Content-Encoding");
  await cache.put(COPY.page, new Response(await page.text(), { headers }));
};

const keep = async () => {
  const cache = await caches.open(CACHE);
  await cache.addAll(COPY.files);
  await store(await fetch(COPY.page, { cache: "reload" }));
};

self.addEventListener("install", (event) => {
  event.waitUntil(keep().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

const kept = (request) => caches.match(request, { cacheName: CACHE });

const opened = async (request) => {
  try {
    const page = await fetch(request);
    if (page.ok) await store(page.clone());
    return page;
  } catch {
    return (await kept(COPY.page)) ?? Response.error();
  }
};

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  const { pathname } = new URL(request.url);
  if (request.mode === "navigate" && pathname === COPY.page) {
    event.respondWith(opened(request));
  } else if (COPY.files.includes(pathname)) {
    event.respondWith(fetch(request).catch(() => kept(request)));
  }
});
