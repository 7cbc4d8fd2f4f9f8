// The way to the server: what there is, what happens, and what a person does.

import { applyChange, now, setLink, setPane, setSnapshot } from "./store";
import type { Execution, Json, LogLine, Machine, Option, StateRun } from "./types";

let stream: EventSource | null = null;
let retry: ReturnType<typeof setTimeout> | undefined;

/** Be somebody: read all that they see, and follow it. */
export async function connect(as: string): Promise<void> {
  clearTimeout(retry);
  stream?.close();
  const mine = `as=${encodeURIComponent(as)}`;
  try {
    const snapshot = await read(`/api/workspace?${mine}`);
    if (now().place.as !== as) return;
    setSnapshot(snapshot as never);
    follow(as, `/api/events?${mine}&after=${(snapshot as { number: number }).number}`);
  } catch {
    setLink("lost");
    retry = setTimeout(() => connect(as), 2000);
  }
}

function follow(as: string, address: string): void {
  const events = new EventSource(address);
  stream = events;
  events.onopen = () => setLink("live");
  events.addEventListener("slack", (event) => applyChange(JSON.parse(event.data)));
  events.addEventListener("aws", (event) => {
    const { pane, data } = JSON.parse(event.data);
    setPane(pane, data);
  });
  events.onerror = () => {
    setLink("lost");
    events.close();
    // Begin anew rather than trust the browser's retry: the server may be another one by then.
    if (stream === events) retry = setTimeout(() => connect(as), 1000);
  };
}

async function read(address: string): Promise<unknown> {
  const response = await fetch(address);
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error ?? response.statusText);
  return answer;
}

export interface Done {
  ok: boolean;
  error?: string;
  /** Why the bot's ack counts as failed: Slack shows that beside what was clicked. */
  problem?: string;
  ack_ms?: number;
  options?: Option[];
}

/** Do something as somebody; as the person of the page, unless told. */
export async function act(name: string, details: Json = {}): Promise<Done> {
  try {
    const response = await fetch("/api/acts", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ as: now().place.as, act: name, ...details }),
    });
    return await response.json();
  } catch {
    return { ok: false, error: "the sandbox does not answer" };
  }
}

export function logs(reference: string): Promise<LogLine[]> {
  return read(`/api/logs?reference=${encodeURIComponent(reference)}`) as Promise<LogLine[]>;
}

export interface Run {
  record: Execution;
  machine: Machine;
  states: StateRun[];
}

export function execution(id: string): Promise<Run> {
  return read(`/api/execution?id=${encodeURIComponent(id)}`) as Promise<Run>;
}
