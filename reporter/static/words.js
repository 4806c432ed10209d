/* The sentences of the pages' scripts, as the page brings them in the reader's language. */

export const words = JSON.parse(document.getElementById("words")?.dataset.words ?? "{}");
