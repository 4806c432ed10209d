/* What script adds to the form of a report. */
export function enhance() {}
export function suggest() {}
