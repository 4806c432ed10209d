/* Marks of Markdown in a text field: put on, and taken off again by the same button or keys. */

import { replace } from "./insert.js";

const MARKER = /^(\s*)(?:#{1,6}\s+|[-*+]\s+|\d{1,9}[.)]\s+|>\s?)/;
const ITEM = /^(\s*)(?:([-*+])|(\d{1,9})([.)])|(>))( +|$)/;
const LINE = /^(\s*(?:(?:#{1,6}|[-*+>]|\d{1,9}[.)])\s+)?)(.*?)(\s*)$/;
const ADDRESS = /^(?:https?:\/\/|mailto:)\S+$/i;
const MARKS = {
  heading: (text) => `## ${text}`,
  subheading: (text) => `### ${text}`,
  bullets: (text) => `- ${text}`,
  numbers: (text, place) => `${place + 1}. ${text}`,
  quote: (text) => `> ${text}`,
};

/** Make the lines that are selected headings, items or a quotation; where they all are, make them plain. */
export function markLines(field, kind) {
  const { value, selectionStart, selectionEnd } = field;
  const from = value.lastIndexOf("\n", selectionStart - 1) + 1;
  const last = selectionEnd > selectionStart && value[selectionEnd - 1] === "\n" ? selectionEnd - 1 : selectionEnd;
  const to = value.indexOf("\n", last) < 0 ? value.length : value.indexOf("\n", last);
  const lines = value.slice(from, to).split("\n");
  const plain = lines.map((line) => line.replace(MARKER, "$1"));
  let place = 0;
  let made = plain.map((text) => (text.trim() || lines.length === 1 ? MARKS[kind](text, place++) : text));
  if (made.join("\n") === lines.join("\n")) made = plain;
  const text = made.join("\n");
  replace(field, from, to, text);
  if (selectionStart === selectionEnd) {
    field.setSelectionRange(...Array(2).fill(Math.max(from, selectionStart + text.length - (to - from))));
  } else field.setSelectionRange(from, from + text.length);
}

/** Put stars around what is selected, or around the word under the cursor: two for bold, one for italic. */
export function markWords(field, stars) {
  const { value } = field;
  let [start, end] = [field.selectionStart, field.selectionEnd];
  if (value.slice(start, end).includes("\n")) return markEachLine(field, stars);
  if (start === end) {
    start -= /[\p{L}\p{N}]*$/u.exec(value.slice(0, start))[0].length;
    end += /^[\p{L}\p{N}]*/u.exec(value.slice(end))[0].length;
    // Between words, and before or after one, there is nothing to mark yet: what comes is typed between the stars.
    if (start === field.selectionStart || end === field.selectionStart) start = end = field.selectionStart;
  }
  while (start < end && /\s/.test(value[start])) start += 1;
  while (end > start && /\s/.test(value[end - 1])) end -= 1;
  while (end - start > 2 && value[start] === "*" && value[end - 1] === "*") [start, end] = [start + 1, end - 1];
  const around = Math.min(/\**$/.exec(value.slice(0, start))[0].length, /^\**/.exec(value.slice(end))[0].length);
  const words = value.slice(start, end);
  const mark = "*".repeat(stars);
  const on = stars === 2 ? around >= 2 : around % 2 === 1;
  if (on) replace(field, start - stars, end + stars, words);
  else replace(field, start, end, mark + words + mark);
  const first = on ? start - stars : start + stars;
  field.setSelectionRange(first, first + words.length);
}

function markEachLine(field, stars) {
  const { selectionStart: start, selectionEnd: end } = field;
  const mark = "*".repeat(stars);
  const lines = field.value.slice(start, end).split("\n").map((line) => LINE.exec(line).slice(1));
  const has = (words) => words.startsWith(mark) && words.endsWith(mark) && words.length > 2 * stars;
  const all = lines.every(([, words]) => !words || has(words));
  const text = lines.map(([marker, words, space]) => {
    const made = all ? words.slice(stars, -stars) : has(words) ? words : mark + words + mark;
    return marker + (words && made) + space;
  }).join("\n");
  replace(field, start, end, text);
  field.setSelectionRange(start, start + text.length);
}

/** Make a link of what is selected; what is still missing, its words or its address, is selected or under the cursor. */
export function markLink(field) {
  const { value, selectionStart: start, selectionEnd: end } = field;
  const words = value.slice(start, end);
  const address = ADDRESS.test(words.trim()) ? words.trim() : "https://";
  const shown = address === "https://" ? words : "";
  replace(field, start, end, `[${shown}](${address})`);
  if (!shown) return field.setSelectionRange(start + 1, start + 1);
  const place = start + shown.length + 3;
  field.setSelectionRange(place, place + address.length);
}

/** Enter in a list or a quotation: the next item, with its number; on an empty item, the end of it. True if so. */
export function nextItem(field) {
  const { value, selectionStart: place, selectionEnd } = field;
  const from = value.lastIndexOf("\n", place - 1) + 1;
  const to = value.indexOf("\n", place) < 0 ? value.length : value.indexOf("\n", place);
  const found = ITEM.exec(value.slice(from, to));
  if (!found || place !== selectionEnd || place < from + found[0].length) return false;
  if (!value.slice(from + found[0].length, to).trim()) {
    replace(field, from, to, "");
    return true;
  }
  const [, indent, bullet, number, end, quote, space] = found;
  const mark = bullet ?? quote ?? `${Number(number) + 1}${end}`;
  const started = `\n${indent}${mark}${space}`;
  if (number === undefined) {
    replace(field, place, place, started);
  } else {
    const rest = renumbered(value.slice(place), indent, Number(number) + 1);
    replace(field, place, place + rest.length, started + rest.text);
    field.setSelectionRange(place + started.length, place + started.length);
  }
  return true;
}

/** What follows a new item, its own items counted on from `next`; up to where another number or text begins. */
function renumbered(after, indent, next) {
  const lines = after.split("\n");
  let [length, text] = [lines[0].length, lines[0]];
  for (const line of lines.slice(1)) {
    const item = ITEM.exec(line);
    if (item?.[1] !== indent || Number(item[3]) !== next) break;
    next += 1;
    length += line.length + 1;
    text += `\n${indent}${next}${line.slice(indent.length + item[3].length)}`;
  }
  return { length, text };
}
