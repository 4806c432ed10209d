/* How the staff's pages talk to the server: with a token, in JSON that names itself, and never for ever. */

import { Away } from "./sync.js";

const PATIENCE = 20000; // ms
let token = document.querySelector("input[name=csrf_token]")?.value ?? "";

/** Who is signed in, with a fresh token and the pages to keep; null where nobody is. Throws Away. */
export async function ready() {
  const answer = await ask("/desk/ready", { method: "GET" });
  if (answer.state !== "signed_in") return null;
  token = answer.token;
  return answer;
}

/** Send what a Draft wants sent. */
export function sendJob(job, record, device) {
  const body = new URLSearchParams(job.fields);
  const about = {
    client_id: job.id, based_on: job.base, report: job.report ?? "", act: job.act ?? "save",
    account: record.account, device, device_key: record.deviceKey, replaces: job.replaces ?? "",
  };
  for (const [name, value] of Object.entries(about)) body.append(name, value);
  if (job.notes !== null) {
    body.append("notes", job.notes);
    body.append("notes_version", job.notesVersion);
  }
  return post(`${record.place}/saves`, body);
}

/** POST a form; a token that has gone stale is renewed once. Throws Away. */
export async function post(address, fields) {
  const body = fields instanceof URLSearchParams || fields instanceof FormData ? fields : new URLSearchParams(fields);
  const send = () => ask(address, { method: "POST", body, headers: { "X-CSRFToken": token, Accept: "application/json" } });
  const answer = await send();
  if (answer.state !== "stale") return answer;
  token = answer.token;
  return send();
}

export async function ask(address, options = {}) {
  let answer;
  try {
    const response = await fetch(address, {
      ...options, cache: "no-store", credentials: "same-origin", redirect: "error", signal: AbortSignal.timeout(PATIENCE),
    });
    answer = await response.json();
  } catch {
    throw new Away();
  }
  // The page of a hotel's network answers everything, and knows nothing.
  if (answer?.reporter !== 1) throw new Away();
  return answer;
}

/** Sign in without leaving the page; answers whether it worked. Throws Away. */
export async function signIn(email, password) {
  try {
    const page = await fetch("/login", { cache: "no-store", redirect: "follow", signal: AbortSignal.timeout(PATIENCE) });
    const form = new DOMParser().parseFromString(await page.text(), "text/html");
    const found = form.querySelector("input[name=csrf_token]");
    if (found && page.url.includes("/login")) {
      const body = new URLSearchParams({ csrf_token: found.value, email, password });
      await fetch("/login", { method: "POST", body, cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
    }
  } catch {
    throw new Away();
  }
  return ready();
}

/** 32 letters and digits that nobody else has. */
export function newId() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
