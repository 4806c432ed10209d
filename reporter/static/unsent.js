/* What of a record the server does not have yet; `sync.js` says what a record is. */

/** Whether the server does not have all of the notes yet. */
export function notesWait(record) {
  return record.notesEdit > record.notesKnown;
}

/** Whether the server does not have all of the text yet, or has not done what its writer wants. */
export function waits(record) {
  return Boolean(record.sending || record.act || record.edit > record.known);
}

/** Whether the server does not have all of it yet, notes included. */
export function unsent(record) {
  return waits(record) || notesWait(record);
}

/** Whether sending it could help: not what was refused before, nor notes that nobody takes. */
export function sendable(record) {
  if (record.sending || record.act) return true;
  const notes = notesWait(record) && record.notesEdit !== record.unkept;
  const { refused } = record;
  if (refused && refused.edit === record.edit && (!notes || refused.notesEdit === record.notesEdit)) return false;
  return notes || record.edit > record.known;
}
