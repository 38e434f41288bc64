// Check-in at an entrance, with or without a network (docs/forum.md, “Check-in”). What was done waits
// in the browser's storage, each act under its own key, until the portal has answered for it.
const root = document.querySelector("#check-in");
const words = root.dataset;
const form = root.querySelector("#by-code");
const field = root.querySelector("#code");
const gateField = root.querySelector("#gate");
const answerBox = root.querySelector("#answer");
const matchBox = root.querySelector("#matches");
const recentBox = root.querySelector("#recent");
const video = root.querySelector("#camera");
const cameraButton = root.querySelector("#camera-button");

const STORE = `check-in ${words.edition} `;
const LIST = `${STORE}list`;
const DEVICE = `${STORE}device`;
const GATE = `${STORE}gate`;
const ACT = `${STORE}act `;
const TOKEN = /^[2-9A-Z]{20}$/;
const DIGEST_LENGTH = 32;
const AT_ONCE = 100; // acts in one message; the portal takes 200
const REFRESH = 30_000; // milliseconds
const SOON = 2_000; // milliseconds after a try that failed although the device has a network
const MATCHES = 8;
const RECENT = 10;
const SCAN_EVERY = 250;
const KEPT_DAYS = 14;

const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_all, name) => values[name] ?? "");
const clock = new Intl.DateTimeFormat(`${document.documentElement.lang}-u-nu-latn-hc-h23`, {
  timeZone: words.zone,
  hour: "2-digit",
  minute: "2-digit",
});
const timeOf = (moment) => clock.format(new Date(moment));

// --- what the device keeps ---

const read = (key) => JSON.parse(localStorage.getItem(key) ?? "null");
const write = (key, value) => localStorage.setItem(key, JSON.stringify(value));

let list = read(LIST);
if (list && Date.now() - new Date(list.at) > KEPT_DAYS * 24 * 3600 * 1000) {
  localStorage.removeItem(LIST);
  list = null;
}
let token = ""; // of this session; comes with the list
let state = "starting"; // "online", "offline", "sign-in"
let sending = false;
let askedAgain = false; // while it was sending
let pause = SOON;
let isCleared = false; // until the page is opened again
const recent = [];

const device = () => {
  if (!read(DEVICE)) write(DEVICE, crypto.randomUUID());
  return read(DEVICE);
};

const waiting = () =>
  Object.keys(localStorage)
    .filter((key) => key.startsWith(ACT))
    .map(read)
    .sort((a, b) => (a.at < b.at ? -1 : 1));

const digest = async (code) => {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(code));
  const hex = [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0"));
  return hex.join("").slice(0, DIGEST_LENGTH);
};

// --- what it knows of a badge ---

const gate = () => list?.gates.find(([id]) => String(id) === gateField.value);
const gateName = (id) => list?.gates.find(([one]) => one === id)?.[1] ?? words.entrance;
const scope = () => gate()?.[2] ?? 0;

function arrivalOf(badge) {
  const stored = list.arrivals.find(([one, session]) => one === badge && session === scope());
  if (stored) return { at: stored[2], gate: stored[3] };
  const undone = new Set(waiting().filter((act) => act.act === "undo").map((act) => act.id));
  const here = waiting().find(
    (act) => act.act === "in" && act.badge === badge && act.scope === scope() && !undone.has(act.id),
  );
  return here ? { at: here.at, gate: here.gate ?? 0 } : null;
}

function known(badge) {
  const row = list.badges.find(([one]) => one === badge);
  if (!row) return { state: "unknown", name: "" };
  const [, name, refusal] = row;
  if (refusal) return { state: refusal, name };
  const arrival = arrivalOf(badge);
  return arrival ? { state: "again", name, ...arrival, gate: gateName(arrival.gate) } : { state: "in", name };
}

// --- saying it ---

function say({ state: what, name = "", at = "", gate: where = "" }) {
  answerBox.dataset.state = what === "in" ? "good" : what === "undone" ? "" : "bad";
  const title = document.createElement("strong");
  title.textContent = words[what] ?? words.unknown;
  const person = document.createElement("span");
  person.append(Object.assign(document.createElement("bdi"), { textContent: name }));
  const parts = [title, person];
  if (what === "again") {
    const since = document.createElement("span");
    since.textContent = fill(words.since, { time: timeOf(at), gate: where || words.entrance });
    parts.push(since);
  }
  answerBox.replaceChildren(...parts);
}

function showState() {
  const number = waiting().length;
  const text = {
    online: list ? fill(words.online, { time: timeOf(list.at) }) : "",
    offline: list ? fill(words.offline, { time: timeOf(list.at) }) : words.nolist,
    "sign-in": words.signin,
  }[state];
  root.querySelector("#network").textContent = text ?? "";
  root.querySelector("#network").dataset.state = state;
  root.querySelector("#sign-in").hidden = state !== "sign-in";
  root.querySelector("#waiting").textContent = fill(words.waiting, { number });
  root.querySelector("#clear").disabled = number > 0;
  const undone = new Set(waiting().filter((act) => act.act === "undo").map((act) => act.id));
  const added = waiting().filter((act) => act.act === "in" && act.expected === "in" && !undone.has(act.id));
  const counts = list?.counts ?? { present: 0, gates: {} };
  const present = counts.present + added.filter((act) => act.scope === 0).length;
  root.querySelector("#present").textContent = present;
  const rows = [[0, words.entrance], ...(list?.gates ?? [])].map(([id, name]) => {
    const here = added.filter((act) => (act.gate ?? 0) === id).length;
    return [name, (counts.gates[id] ?? 0) + here, id];
  });
  root.querySelector("#by-gate").replaceChildren(
    ...rows
      .filter(([, count, id]) => id || count)
      .map(([name, count]) => {
        const row = document.createElement("div");
        const head = document.createElement("dt");
        head.append(Object.assign(document.createElement("bdi"), { textContent: name }));
        row.append(head, Object.assign(document.createElement("dd"), { textContent: count }));
        return row;
      }),
  );
}

function showGates() {
  const chosen = localStorage.getItem(GATE) ?? gateField.value;
  const options = [["", words.entrance], ...(list?.gates ?? [])];
  gateField.replaceChildren(...options.map(([id, name]) => new Option(name, id)));
  if (options.some(([id]) => String(id) === chosen)) gateField.value = chosen;
}

function showRecent() {
  recentBox.replaceChildren(
    ...recent.map((one) => {
      const row = document.createElement("li");
      const name = Object.assign(document.createElement("bdi"), { textContent: one.name });
      row.append(name, ` ${timeOf(one.at)} `);
      if (one.undone) {
        row.append(words.undone);
        return row;
      }
      const box = Object.assign(document.createElement("details"), { className: "undo" });
      const input = Object.assign(document.createElement("input"), { type: "text", maxLength: 300 });
      input.setAttribute("aria-label", words.reason);
      input.placeholder = words.reason;
      const button = Object.assign(document.createElement("button"), { type: "button", textContent: words.undo });
      button.className = "button button-danger button-small";
      button.addEventListener("click", () => undo(one, input));
      box.append(Object.assign(document.createElement("summary"), { textContent: words.undo }), input, button);
      row.append(box);
      return row;
    }),
  );
}

// --- acts ---

function add(act) {
  write(`${ACT}${act.act} ${act.id}`, act);
  showState();
  send();
}

function checkIn(badge) {
  const found = known(badge);
  say(found);
  matchBox.replaceChildren();
  field.value = "";
  field.focus();
  if (found.state === "unknown") return;
  const act = {
    id: crypto.randomUUID(),
    act: "in",
    badge,
    gate: gate()?.[0] ?? null,
    scope: scope(),
    expected: found.state,
    at: new Date().toISOString(),
  };
  if (found.state === "in") {
    recent.unshift({ ...act, name: found.name });
    recent.splice(RECENT);
    showRecent();
  }
  add(act);
}

function undo(one, input) {
  const reason = input.value.trim();
  if (!reason) {
    input.setAttribute("aria-invalid", "true");
    input.focus();
    return;
  }
  one.undone = true;
  list.arrivals = list.arrivals.filter(([badge, session]) => badge !== one.badge || session !== one.scope);
  write(LIST, list);
  add({ id: one.id, act: "undo", reason, at: new Date().toISOString() });
  say({ state: "undone", name: one.name });
  showRecent();
}

// Letters without accents and case, as somebody types who looks for a name.
const folded = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLocaleLowerCase();

function search(text) {
  const parts = folded(text).split(/\s+/).filter(Boolean);
  const rows = list.badges.filter(
    ([, name, refusal]) => refusal !== "replaced" && parts.every((part) => folded(name).includes(part)),
  );
  matchBox.replaceChildren(
    ...rows.slice(0, MATCHES).map(([badge, name]) => {
      const row = document.createElement("li");
      const button = Object.assign(document.createElement("button"), { type: "button" });
      button.className = "button button-secondary";
      button.append(Object.assign(document.createElement("bdi"), { textContent: name }));
      button.addEventListener("click", () => {
        if (badge) checkIn(badge);
        else say({ state: "not_approved", name });
      });
      row.append(button);
      return row;
    }),
  );
  if (!rows.length) say({ state: "unknown" });
  else answerBox.replaceChildren(fill(words.found, { number: rows.length }));
  if (rows.length) answerBox.dataset.state = "";
}

async function take(text) {
  if (!list) {
    answerBox.replaceChildren(words.nolist);
    return;
  }
  const code = text.toUpperCase().replace(/[^0-9A-Z]/g, "");
  if (TOKEN.test(code)) checkIn(await digest(code));
  else if (text.trim()) search(text);
}

// --- the network ---

class SignedOut extends Error {}

async function ask(address, options = {}) {
  const response = await fetch(address, { redirect: "manual", cache: "no-store", ...options });
  const isJson = response.headers.get("Content-Type")?.includes("json");
  if (response.type === "opaqueredirect" || response.status === 403 || !isJson) throw new SignedOut();
  return { ok: response.ok, body: await response.json() };
}

async function refresh() {
  const { body } = await ask(words.list);
  token = body.csrf;
  list = { badges: body.badges, arrivals: body.arrivals, gates: body.gates, counts: body.counts, at: new Date().toISOString() };
  write(LIST, list);
  showGates();
}

const strip = ({ scope: _scope, expected: _expected, ...act }) => act;

function settle(act, answer) {
  localStorage.removeItem(`${ACT}${act.act} ${act.id}`);
  if (act.act === "undo") return;
  // somebody else was first, or the registration was withdrawn since
  if (answer.state !== act.expected) say(answer);
  if (answer.state === "in") list.arrivals.push([act.badge, act.scope, act.at, act.gate ?? 0]);
}

async function post(acts) {
  const ids = new Set();
  // an undo follows its check-in in the next message
  const batch = acts.filter((act) => !ids.has(act.id) && ids.add(act.id)).slice(0, AT_ONCE);
  const body = JSON.stringify({ device: device(), sent_at: new Date().toISOString(), acts: batch.map(strip) });
  const headers = { "Content-Type": "application/json", "X-CSRFToken": token };
  const answer = await ask(words.merge, { method: "POST", headers, body });
  if (!answer.ok) throw new Error(answer.body.error);
  batch.forEach((act, number) => settle(act, answer.body.answers[number]));
  list.counts = answer.body.counts;
  write(LIST, list);
}

async function send() {
  if (isCleared) return;
  if (sending) {
    askedAgain = true; // the network may have come back while an earlier try was failing
    return;
  }
  sending = true;
  try {
    if (!token) await refresh();
    let undone = false;
    for (let acts = waiting(); acts.length; acts = waiting()) {
      undone ||= acts.some((act) => act.act === "undo");
      await post(acts);
    }
    if (undone) await refresh();
    state = "online";
    pause = SOON;
  } catch (error) {
    state = error instanceof SignedOut ? "sign-in" : "offline";
    token = "";
  } finally {
    sending = false;
  }
  showState();
  const failed = state === "offline";
  if (askedAgain) {
    askedAgain = false;
    await send();
  } else if (failed && navigator.onLine && waiting().length) {
    setTimeout(look, pause);
    pause *= 2; // a portal that is down is not asked by all devices every other second
  }
}

async function look() {
  if (document.hidden) return;
  if (!sending) token = "";
  await send();
}

// --- the camera, where the browser can read codes ---

let stream = null;

async function scan(detector) {
  while (stream) {
    const [code] = await detector.detect(video).catch(() => []);
    if (code && code.rawValue !== scan.last) {
      scan.last = code.rawValue;
      setTimeout(() => (scan.last = ""), 3000);
      await take(code.rawValue);
    }
    await new Promise((done) => setTimeout(done, SCAN_EVERY));
  }
}

async function camera() {
  if (stream) {
    stream.getTracks().forEach((track) => track.stop());
    stream = null;
  } else {
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    } catch {
      answerBox.replaceChildren(words.nocamera);
      return;
    }
    video.srcObject = stream;
    await video.play();
    scan(new BarcodeDetector({ formats: ["qr_code"] }));
  }
  video.hidden = !stream;
  cameraButton.setAttribute("aria-pressed", String(Boolean(stream)));
}

// --- beginning ---

form.addEventListener("submit", (event) => {
  event.preventDefault();
  take(field.value);
});
gateField.addEventListener("change", () => {
  localStorage.setItem(GATE, gateField.value);
  showState();
});
root.querySelector("#clear").addEventListener("click", () => {
  if (waiting().length) return;
  localStorage.removeItem(LIST);
  list = null;
  isCleared = true;
  recent.length = 0;
  showRecent();
  showState();
  answerBox.replaceChildren(words.cleared);
});
if ("BarcodeDetector" in window && navigator.mediaDevices) {
  cameraButton.hidden = false;
  cameraButton.addEventListener("click", camera);
}
window.addEventListener("online", look);
window.addEventListener("offline", () => {
  state = "offline";
  showState();
});
setInterval(look, REFRESH);
root.querySelector("#with-script").hidden = false;
showGates();
showState();
field.focus();
send();
