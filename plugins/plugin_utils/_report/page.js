// Adds what a page alone cannot: a search over thousands of rows, and the time zone of the reader.
"use strict";
const clock = {hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23", timeZoneName: "short"};
const hours = new Intl.DateTimeFormat([], clock);
const days = new Intl.DateTimeFormat([], {year: "numeric", month: "short", day: "numeric", ...clock});
for (const time of document.querySelectorAll("time")) {
  const moment = new Date(time.dateTime), own = time.className == "day" ? days : hours;
  time.nextElementSibling.textContent = moment.getTimezoneOffset() ? " (" + own.format(moment) + ")" : "";
}
const table = document.querySelector("table");
if (table) {
  const rows = [...table.querySelectorAll("tbody tr:not(.group)")];
  const texts = rows.map(row => row.textContent.toLowerCase());
  const search = document.createElement("input");
  Object.assign(search, {id: "search", type: "search", placeholder: "Search jobs, states, messages"});
  search.setAttribute("aria-label", search.placeholder);
  search.addEventListener("input", () => {
    const wanted = search.value.trim().toLowerCase();
    rows.forEach((row, at) => row.classList.toggle("hidden", !texts[at].includes(wanted)));
  });
  table.before(search);
}
