// Counts words under a text field as common/words.py does: the expression is the same.
"use strict";
const CJK = "㐀-䶿一-鿿぀-ヿ가-힯";
const LETTERS = `(?:(?![${CJK}])[\\p{L}\\p{N}_])+`;
const WORD = new RegExp(`[${CJK}]|${LETTERS}(?:['’\\-]${LETTERS})*`, "gu");

for (const counter of document.querySelectorAll("[data-counts]")) {
  const field = document.getElementById(counter.dataset.counts);
  const limit = Number(counter.dataset.limit);
  const show = () => {
    const left = limit - (field.value.match(WORD) || []).length;
    counter.textContent = `${left < 0 ? counter.dataset.over : counter.dataset.left} ${Math.abs(left)}`;
    counter.classList.toggle("counter-over", left < 0);
  };
  field.addEventListener("input", show);
  counter.hidden = false;
  show();
}
