// The timetable of the planner: drag a session with a pointer, or pick it and move it by keyboard.
// The server judges every move; without this script each session leads to a small form.
const root = document.querySelector("#plan");
const said = document.querySelector("#plan-said");
const words = root.dataset;
const POLL = 4000;
const NEAR = 6; // pixels a pointer moves before it drags
const STEP_MINUTES = 5;

let picked = null; // {id, version, minutes, title, address, day, row, column, busy}
let known = ""; // the state that the shown part has
let seen = Number.MAX_SAFE_INTEGER; // the newest change that was shown

const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_all, name) => values[name] ?? "");

function say(text, { refused = false, swap = null } = {}) {
  said.classList.toggle("is-refused", refused);
  said.replaceChildren(text);
  if (!swap) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button button-secondary button-small";
  button.textContent = fill(words.swap, { title: swap.title });
  button.addEventListener("click", () => send({ act: "swap", other: swap.id }, swap.card));
  said.append(" ", button);
}

// --- the table ---

const table = () => root.querySelector("table");
const rows = () => [...root.querySelectorAll("tbody tr")];
const columns = () => [...root.querySelectorAll("thead th[data-room]")];

function grid() {
  // Cell of each row and column, through all that span several rows.
  const names = columns().map((head) => head.dataset.room);
  const cells = rows().map(() => []);
  rows().forEach((row, number) => {
    for (const cell of row.querySelectorAll("td")) {
      const column = names.indexOf(cell.dataset.room);
      for (let n = 0; n < cell.rowSpan && cells[number + n]; n += 1) cells[number + n][column] = cell;
    }
  });
  return cells;
}

function placeOf(card) {
  const cell = card.closest("td");
  if (!cell) return { row: 0, column: 0 };
  const names = columns().map((head) => head.dataset.room);
  return { row: rows().indexOf(cell.parentElement), column: names.indexOf(cell.dataset.room) };
}

function target() {
  const cells = grid();
  if (!cells.length || !columns().length) return null;
  picked.row = Math.max(0, Math.min(picked.row, cells.length - 1));
  picked.column = Math.max(0, Math.min(picked.column, columns().length - 1));
  return cells[picked.row][picked.column];
}

const startTime = () => rows()[picked.row].dataset.time;

function roomName() {
  return columns()[picked.column].querySelector("bdi")?.textContent ?? words.none;
}

function mark(cell) {
  for (const one of root.querySelectorAll(".is-target")) one.classList.remove("is-target");
  if (cell) cell.classList.add("is-target");
}

function occupant(cell) {
  return [...cell.querySelectorAll("[data-session]")].find((one) => one.dataset.session !== picked.id);
}

function announce() {
  const cell = target();
  mark(cell);
  if (!cell) return;
  cell.scrollIntoView({ block: "nearest", inline: "nearest" });
  const parts = [fill(words.over, { time: startTime(), room: roomName(), minutes: picked.minutes })];
  const other = cell.querySelector("[data-session]:not([aria-pressed=true]), .plan-card.is-others, .plan-blocked");
  if (other) parts.push(fill(words.occupied, { title: (other.querySelector(".plan-name") ?? other).textContent.trim() }));
  else parts.push(cell.classList.contains("closed") ? words.closed : words.free);
  say(parts.join(" "));
  askLater();
}

// --- picking up and putting down ---

function pick(card) {
  picked = {
    id: card.dataset.session,
    version: card.dataset.version,
    minutes: Number(card.dataset.minutes),
    title: card.querySelector(".plan-name").textContent,
    address: card.getAttribute("formaction"),
    day: location.href, // the page on which it was picked
    ...placeOf(card),
  };
  card.setAttribute("aria-pressed", "true");
  mark(target());
  say(fill(words.picked, { title: picked.title }));
}

function release() {
  clearTimeout(asking);
  for (const card of root.querySelectorAll("[aria-pressed=true]")) card.setAttribute("aria-pressed", "false");
  mark(null);
  picked = null;
}

async function putBack() {
  const { id, title, day } = picked;
  release();
  if (day !== location.href) {
    history.replaceState(null, "", day);
    await refresh(true);
  }
  focusOn(id);
  say(fill(words.returned, { title }));
}

function focusOn(id) {
  root.querySelector(`[data-session="${id}"]`)?.focus({ preventScroll: false });
}

// --- asking the server ---

function slotFields() {
  return {
    day: table().dataset.day,
    time: startTime(),
    minutes: picked.minutes,
    room: columns()[picked.column].dataset.room,
  };
}

async function post(address, fields) {
  const body = new URLSearchParams(fields);
  body.set("csrfmiddlewaretoken", root.querySelector("[name=csrfmiddlewaretoken]").value);
  const answer = await fetch(address, { method: "POST", body, headers: { Accept: "application/json" } });
  if (answer.redirected || !answer.headers.get("Content-Type")?.startsWith("application/json")) throw new Error(answer.status);
  return { ok: answer.ok, ...(await answer.json()) };
}

let asking = 0;
function askLater() {
  // The clashes of the chosen place, before it is dropped there.
  clearTimeout(asking);
  const { id } = picked;
  asking = setTimeout(async () => {
    if (!picked || picked.id !== id || picked.busy) return;
    const fields = slotFields();
    try {
      const answer = await post(picked.address, { act: "check", ...fields });
      const same = picked && picked.id === id && JSON.stringify(fields) === JSON.stringify(slotFields());
      if (same && !picked.busy && answer.clashes.length) {
        say(`${said.textContent} ${answer.clashes.map((one) => one.sentence).join(" ")}`);
      }
    } catch { /* the drop itself will say what is wrong */ }
  }, 400);
}

async function send(fields, card = picked) {
  if (!card || card.busy) return;
  card.busy = true;
  clearTimeout(asking);
  try {
    const answer = await post(card.address, { version: card.version, ...fields });
    const sentences = [answer.sentence, ...(answer.ok ? answer.clashes.map((one) => one.sentence) : [])];
    const swap = answer.swap ? { ...answer.swap, card: { ...card, busy: false } } : null;
    release();
    const news = await refresh(true);
    focusOn(card.id);
    say([...sentences, news].join(" ").trim(), { refused: !answer.ok, swap });
  } catch {
    release();
    say(words.failed, { refused: true });
  }
}

// Show the part that changes anew; returns what other planners did, in words.
async function refresh(now = false) {
  const url = new URL(location.href);
  url.hash = "";
  const query = root.querySelector("#plan-q");
  url.searchParams.set("part", "1");
  const headers = now || !known ? {} : { "If-None-Match": known };
  const answer = await fetch(url, { headers, cache: "no-store" });
  if (answer.status === 304 || !answer.ok || answer.redirected) return "";
  const typed = query ? { value: query.value, focused: document.activeElement === query } : null;
  const focused = document.activeElement?.dataset?.session;
  const places = [".plan-grid", ".plan-aside"].map((name) => {
    const box = root.querySelector(name);
    return [name, box?.scrollTop, box?.scrollLeft];
  });
  known = answer.headers.get("ETag") ?? "";
  const served = new DOMParser().parseFromString(await answer.text(), "text/html");
  root.replaceChildren(...served.body.childNodes);
  for (const [name, top, left] of places) root.querySelector(name)?.scrollTo(left, top);
  restore(typed, focused);
  return newsOfOthers();
}

function restore(typed, focused) {
  const query = root.querySelector("#plan-q");
  if (typed && query) {
    query.value = typed.value;
    narrow(query.value);
    if (typed.focused) query.focus();
  }
  if (picked) {
    const card = root.querySelector(`[data-session="${picked.id}"]`);
    card?.setAttribute("aria-pressed", "true");
    mark(target());
    (card ?? root.querySelector(".plan-grid")).focus(); // it may stand on another day
  } else if (focused) focusOn(focused);
}

function newsOfOthers() {
  const lines = [...root.querySelectorAll(".plan-log [data-change]")];
  const fresh = lines.filter((line) => Number(line.dataset.change) > seen && line.dataset.own === undefined);
  seen = Math.max(0, ...lines.map((line) => Number(line.dataset.change)));
  return fresh.map((line) => fill(words.news, {
    who: line.dataset.who, what: line.querySelector("[data-what]").textContent.trim(),
  })).join(" ");
}

// --- keys ---

async function otherDay(step) {
  const days = [...root.querySelectorAll("[data-day].chip")];
  const here = days.findIndex((one) => one.hasAttribute("aria-current"));
  const link = days[here + step];
  if (!link) return;
  history.replaceState(null, "", link.href);
  await refresh(true);
  if (picked) announce();
}

const KEYS = {
  ArrowUp: () => { picked.row -= 1; announce(); },
  ArrowDown: () => { picked.row += 1; announce(); },
  ArrowLeft: () => { picked.column += document.dir === "rtl" ? 1 : -1; announce(); },
  ArrowRight: () => { picked.column += document.dir === "rtl" ? -1 : 1; announce(); },
  PageUp: () => otherDay(-1),
  PageDown: () => otherDay(1),
  "+": () => { picked.minutes += STEP_MINUTES; announce(); },
  "-": () => { picked.minutes = Math.max(STEP_MINUTES, picked.minutes - STEP_MINUTES); announce(); },
  Enter: () => send({ act: "place", ...slotFields() }),
  " ": () => send({ act: "place", ...slotFields() }),
  Escape: putBack,
  Delete: () => send({ act: "remove" }),
  s: () => {
    const other = target() && occupant(target());
    if (other) send({ act: "swap", other: other.dataset.session });
  },
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  const card = event.target.closest?.("#plan [data-session]");
  if (!picked) {
    if (card && (event.key === "Enter" || event.key === " ")) {
      event.preventDefault();
      pick(card);
    }
    return;
  }
  const isAway = !card && !event.target.closest?.(".plan-grid") && event.target !== document.body;
  if (isAway && event.key !== "Escape") return;
  const act = KEYS[event.key] ?? KEYS[event.key.toLowerCase()];
  if (!act) return;
  event.preventDefault();
  if (!picked.busy && (target() || event.key === "Escape")) act();
});

// --- pointer ---

let drag = null; // {card, x, y, moved}

root.addEventListener("pointerdown", (event) => {
  const card = event.target.closest("[data-session]");
  if (!card || event.button !== 0 || picked) return;
  drag = { card, x: event.clientX, y: event.clientY, moved: false };
});

document.addEventListener("pointermove", (event) => {
  if (!drag) return;
  const far = Math.hypot(event.clientX - drag.x, event.clientY - drag.y) > NEAR;
  if (!drag.moved && !far) return;
  if (!drag.moved) {
    drag.moved = true;
    pick(drag.card);
  }
  event.preventDefault();
  const under = document.elementFromPoint(event.clientX, event.clientY);
  const cell = under?.closest("#plan td");
  drag.cell = cell ?? null;
  drag.aside = Boolean(under?.closest(".plan-aside"));
  mark(cell);
  if (!cell) return;
  const names = columns().map((head) => head.dataset.room);
  picked.column = names.indexOf(cell.dataset.room);
  picked.row = rowAt(cell, event.clientY);
});

function rowAt(cell, y) {
  // A cell may span several rows: the one below the pointer counts.
  const first = rows().indexOf(cell.parentElement);
  const all = rows();
  let row = first;
  while (row + 1 < first + cell.rowSpan && all[row + 1] && all[row + 1].getBoundingClientRect().top <= y) row += 1;
  return row;
}

function drop() {
  if (!drag) return;
  const { moved, cell, aside, card } = drag;
  drag = null;
  if (!moved || !picked) return;
  if (cell) send({ act: "place", ...slotFields() });
  else if (aside && card.closest("td")) send({ act: "remove" });
  else putBack();
}

document.addEventListener("pointerup", drop);
document.addEventListener("pointercancel", () => { drag = null; if (picked) putBack(); });

root.addEventListener("click", (event) => {
  const card = event.target.closest("[data-session]");
  if (card) event.preventDefault(); // not to the form: a drag ends here, or a second click picks
  if (!card || !event.detail) return;
  if (!picked) {
    pick(card);
    card.focus();
  } else if (picked.id === card.dataset.session && !picked.busy) putBack();
});

// A click into a cell drops what is picked there.
root.addEventListener("click", (event) => {
  const cell = event.target.closest("td");
  if (!picked || picked.busy || !cell || event.target.closest("[data-session]")) return;
  picked.column = columns().map((head) => head.dataset.room).indexOf(cell.dataset.room);
  picked.row = rowAt(cell, event.clientY);
  send({ act: "place", ...slotFields() });
});

// --- undo, search, and what others do ---

document.addEventListener("submit", async (event) => {
  const form = event.target.closest("#plan form[method=post]");
  if (!form) return;
  event.preventDefault();
  const act = event.submitter?.value ?? "undo";
  try {
    const answer = await post(form.getAttribute("action"), { act });
    const sentences = answer.ok ? answer.clashes.map((one) => one.sentence) : [];
    const news = await refresh(true);
    root.querySelector(`button[value=${act}]`)?.focus();
    say([answer.sentence, ...sentences, news].join(" ").trim(), { refused: !answer.ok });
  } catch {
    say(words.failed, { refused: true });
  }
});

function narrow(text) {
  const wanted = text.trim().toLowerCase();
  for (const item of root.querySelectorAll(".plan-cards > li")) {
    item.hidden = Boolean(wanted) && !item.textContent.toLowerCase().includes(wanted);
  }
}

root.addEventListener("input", (event) => {
  if (event.target.id === "plan-q") narrow(event.target.value);
});

newsOfOthers();
setInterval(async () => {
  if (document.hidden || drag || picked?.busy) return;
  try {
    const news = await refresh();
    if (news) say(`${said.textContent} ${news}`.trim());
  } catch { /* the next look will tell */ }
}, POLL);
