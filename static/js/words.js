// Counts words under a text field as common/words.py does: the expression is the same.
"use strict";
const CJK = "㐀-䶿一-鿿぀-ヿ가-힯";
const LETTERS = `(?:(?![${CJK}])[\\p{L}\\p{N}_])+`;
const WORD = new RegExp(`[${CJK}]|${LETTERS}(?:['’\\-]${LETTERS})*`, "gu");
const REST = 1500; // milliseconds without a key
const number = new Intl.NumberFormat(document.documentElement.lang);

for (const counter of document.querySelectorAll("[data-counts]")) {
  const field = document.getElementById(counter.dataset.counts);
  const limit = Number(counter.dataset.limit);
  const spoken = counter.nextElementSibling;
  let rest;
  const show = () => {
    const left = limit - (field.value.match(WORD) || []).length;
    counter.textContent = `${left < 0 ? counter.dataset.over : counter.dataset.left} ${number.format(Math.abs(left))}`;
    counter.classList.toggle("counter-over", left < 0);
  };
  // A screen reader hears the number when the writer pauses, not at each key.
  const speak = () => { spoken.textContent = counter.textContent; };
  field.addEventListener("input", () => {
    show();
    clearTimeout(rest);
    rest = setTimeout(speak, REST);
  });
  counter.hidden = false;
  show();
}
