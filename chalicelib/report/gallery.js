"use strict";
// Filtering by words; filtering by status needs no script.
const words = document.getElementById("words");
const cards = Array.from(document.querySelectorAll(".cards > .cell"), card => [card, card.textContent.toLowerCase()]);
words.hidden = false;
words.addEventListener("input", () => {
  const wanted = words.value.toLowerCase().split(/\s+/);
  for (const [card, text] of cards) card.hidden = !wanted.every(word => text.includes(word));
});
