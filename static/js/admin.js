// Look-up fields of the admin get the name of their label: select2 leaves them without one.
"use strict";
{
    const named = (container) => {
        const select = container.previousElementSibling;
        const label = select && select.labels && select.labels[0];
        const box = container.querySelector("[role=combobox], .select2-selection");
        if (!label || !box) return;
        label.id = label.id || `${select.id}-label`;
        const shown = container.querySelector(".select2-selection__rendered");
        if (shown) shown.setAttribute("aria-labelledby", label.id);
        box.setAttribute("aria-labelledby", shown && shown.id ? `${label.id} ${shown.id}` : label.id);
        container.querySelectorAll("input.select2-search__field").forEach((input) => {
            input.setAttribute("aria-labelledby", label.id);
        });
    };
    const searched = (dropdown) => {
        const open = document.querySelector(".select2-container--open [aria-labelledby]");
        dropdown.querySelectorAll("input.select2-search__field").forEach((input) => {
            if (open) input.setAttribute("aria-labelledby", open.getAttribute("aria-labelledby"));
        });
        dropdown.querySelectorAll("[role=listbox]").forEach((list) => {
            if (open) list.setAttribute("aria-labelledby", open.getAttribute("aria-labelledby"));
        });
    };
    const look = (node) => {
        if (!(node instanceof Element)) return;
        const all = [node, ...node.querySelectorAll(".select2-container, .select2-dropdown")];
        all.filter((one) => one.matches(".select2-container")).forEach(named);
        all.filter((one) => one.matches(".select2-dropdown")).forEach(searched);
    };
    new MutationObserver((changes) => {
        changes.forEach((change) => change.addedNodes.forEach(look));
    }).observe(document, { childList: true, subtree: true });
}
