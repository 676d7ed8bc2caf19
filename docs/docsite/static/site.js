"use strict";

// A button on each block of code that copies it, without the prompts of a console.
function addCopyButton(block) {
    const code = block.querySelector("pre");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = "Copy";
    button.addEventListener("click", async () => {
        const copy = code.cloneNode(true);
        copy.querySelectorAll(".gp").forEach(prompt => prompt.remove());
        await navigator.clipboard.writeText(copy.textContent);
        button.textContent = "Copied";
        setTimeout(() => { button.textContent = "Copy"; }, 2000);
    });
    block.append(button);
}

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
    document.querySelectorAll("div.highlight").forEach(addCopyButton);
    document.querySelectorAll("table.docutils:not(.ansible-option-table)").forEach(labelCells);
});
