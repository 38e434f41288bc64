// Hides a question that an earlier answer does not ask for; without this script it says itself
// when it is asked. Nothing typed is removed.
"use strict";
const parts = document.querySelectorAll("[data-shown-if]");

const answers = (name) => {
  const fields = [...document.querySelectorAll(`[name="${name}"]`)];
  const given = fields.filter((field) => !["checkbox", "radio"].includes(field.type) || field.checked);
  return given.map((field) => field.value.trim()).filter(Boolean);
};

const update = () => {
  for (const part of parts) {
    const source = document.querySelector(`[name="${part.dataset.shownIf}"]`);
    const given = source.closest("[data-shown-if][hidden]") ? [] : answers(part.dataset.shownIf);
    const value = part.dataset.shownValue;
    part.hidden = value ? !given.includes(value) : !given.length;
  }
};

if (parts.length) {
  parts[0].closest("form").addEventListener("input", update);
  update();
}
