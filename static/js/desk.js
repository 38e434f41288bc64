// The desk by keyboard: one key presses the button or link, or opens the panel, that names it.
"use strict";
const STORED = "desk-keys-off";
let busy = false; // a decision is on its way: keys wait for the next page

function isOff() {
  try { return localStorage.getItem(STORED) === "1"; } catch { return false; }
}

function typing(target) {
  const box = target.type === "checkbox" || target.type === "radio";
  return target.isContentEditable || (/^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) && !box);
}

function openPanel() {
  return document.querySelector(".desk-panel[open]");
}

function toggle(summary) {
  const panel = summary.parentElement;
  const opening = !panel.open;
  for (const other of document.querySelectorAll(".desk-panel[open]")) other.open = false;
  panel.open = opening;
  (opening && panel.querySelector("input:not([type=hidden]), textarea") || summary).focus();
}

function pressed(event) {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || isOff()) return;
  if (event.key === "Escape" && openPanel()) {
    toggle(openPanel().querySelector("summary"));
    return;
  }
  if (typing(event.target) || busy) return;
  const panel = openPanel();
  if (panel && /^[1-9]$/.test(event.key)) {
    const box = panel.querySelectorAll("fieldset:first-of-type input[type=checkbox]")[event.key - 1];
    if (box) { box.click(); box.focus(); event.preventDefault(); }
    return;
  }
  if (panel && event.key === "Enter" && event.target.type === "checkbox") {
    event.preventDefault();
    panel.querySelector("button[name=move]").click();
    return;
  }
  const named = document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
  if (!named) return;
  event.preventDefault();
  if (named.tagName === "SUMMARY") toggle(named);
  else named.click();
}

document.addEventListener("keydown", pressed);
document.addEventListener("submit", (event) => {
  if (busy) event.preventDefault();
  busy = true;
});
window.addEventListener("pageshow", () => { busy = false; });

// Read out what was done: a region that is filled after the page has come is announced.
const said = document.querySelector("[data-said]");
if (said && said.textContent.trim()) {
  const words = [...said.childNodes];
  said.replaceChildren();
  setTimeout(() => said.replaceChildren(...words), 100);
}
const places = [...document.querySelectorAll("[data-focus]")];
if (places.length) places.at(-1).focus();

const keys = document.querySelector("[data-keys-switch]");
if (keys) {
  const show = () => keys.setAttribute("aria-pressed", String(!isOff()));
  keys.hidden = false;
  show();
  keys.addEventListener("click", () => {
    try { localStorage.setItem(STORED, isOff() ? "0" : "1"); } catch { return; }
    show();
  });
}

const again = document.querySelector("[data-reload]");
if (again) setTimeout(() => location.reload(), Number(again.dataset.reload));
