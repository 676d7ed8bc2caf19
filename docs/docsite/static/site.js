"use strict";

// On a narrow page a table of three or more columns is shown as a list, in which each cell has the title of its column.
function labelCells(table) {
    const titles = [...table.querySelectorAll("thead th")].map(cell => cell.textContent.trim());
    if (titles.length < 3) {
        return;
    }
    table.classList.add("as-list");
    for (const row of table.querySelectorAll("tbody tr")) {
        [...row.cells].forEach((cell, column) => { cell.dataset.title = titles[column]; });
    }
}

document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("table.docutils:not(.ansible-option-table)").forEach(labelCells);
});
