"use strict";
const switches = [...document.querySelectorAll("input.switch")];
const show = (input, move) => {
  input.checked = true;
  document.documentElement.lang = input.value;
  document.title = input.dataset.title;
  if (!move) return;
  const place = location.hash.replace(/^#[a-z]+-/, "");
  if (place) location.replace(`#${input.value}-${place}`);
};
switches.forEach((input) => input.addEventListener("change", () => show(input, true)));
const follow = () => {
  const wanted = switches.find((input) => location.hash.startsWith(`#${input.value}-`));
  if (!wanted || wanted.checked) return;
  show(wanted, false);
  document.getElementById(location.hash.slice(1))?.scrollIntoView();
};
addEventListener("hashchange", follow);
addEventListener("keydown", (event) => {
  const open = event.key === "Escape" && document.querySelector(".claim:target .close a");
  if (open) open.click();
});
follow();
