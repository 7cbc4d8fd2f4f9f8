// The tour: what a newcomer should have seen, each step one click. A step acts as people do, through the same requests.

import { act, connect } from "../api";
import { go, now, until } from "../store";
import type { AuditItem, Execution, Message } from "../types";

export interface TourStep {
  title: string;
  text: string;
  /** What the button says. */
  button: string;
  /** Where to look beside the conversation. */
  tab: string;
  play: () => Promise<string>;
}

const OPS = "C0OPS";
const REPORTS = "acme-reports";
const LOGS = "acme-app-logs";
const LOG_GROUP = "/aws/lambda/acme-checkout";
const DRAFT = "2026/q3/draft.csv";
const SECONDS = 40;

/** When the step that plays began: the audit has older requests of the same words. */
let began = 0;

async function be(name: string): Promise<void> {
  began = Date.now();
  go({ as: name, channel: OPS, thread: "", side: "chat" });
  const me = () => now().people.get(now().me)?.name;
  if (me() !== name) await connect(name);
  await until(() => me() === name, SECONDS);
}

/** Does something, and waits for what the bot says next. */
async function answer(name: string, details: Record<string, unknown>): Promise<Message> {
  const before = latest();
  const done = await act(name, { channel: OPS, ...details });
  if (!done.ok) throw new Error(done.error ?? "it was refused");
  return until((state) => {
    const said = state.messages.get(OPS) ?? [];
    // A click changes the message that has the button; all else is answered anew, whatever is edited meanwhile.
    const when = (message: Message) => (name === "click" ? moved(message) : message.ts);
    return said.find((message) => message.user === state.bot && when(message) > before);
  }, SECONDS);
}

/** When a message last changed. */
function moved(message: Message): string {
  return message.edited || message.ts;
}

function latest(): string {
  const times = (now().messages.get(OPS) ?? []).map(moved);
  return times.sort().at(-1) ?? "0";
}

function hasButton(message: Message, action: string): boolean {
  return message.blocks.some((block) => block.elements?.some((element) => element.action_id === action));
}

async function press(message: Message, action: string): Promise<Message> {
  if (!hasButton(message, action)) throw new Error(`the answer has no button “${action}”`);
  return answer("click", { ts: message.ts, action });
}

const UNDERSTOOD: Record<string, string> = { button: "its button", form: "its form", model: "the model" };

/** The audit of what was just asked, in words. */
async function behind(look: (item: AuditItem) => boolean): Promise<string> {
  const recent = new Date(began).toISOString();
  const find = (item: AuditItem) => item.at >= recent && look(item);
  const item = await until((state) => state.panes.audit?.find(find), SECONDS).catch(() => null);
  if (!item) return "";
  const by = UNDERSTOOD[item.source ?? ""] ?? "the knowledge base, without a model";
  const entry = item.entry ?? item.intent;
  return `Audit: ${item.decision}${entry ? ` ${entry}, understood by ${by}` : ""}. Reference ${item.reference}.`;
}

function isOpen(execution: Execution): boolean {
  return ["starting", "running"].includes(execution.status);
}

function asked(text: string) {
  return (item: AuditItem) => item.text === text || (item.text ?? "").endsWith(text);
}

async function ask(): Promise<string> {
  await be("alice");
  await answer("command", { text: "list buckets" });
  return behind(asked("list buckets"));
}

async function beAsked(): Promise<string> {
  await be("bob");
  const question = await answer("say", { text: "@s3agent list files" });
  const root = question.thread || question.ts;
  go({ thread: root });
  await answer("say", { text: REPORTS, thread: root });
  return behind(asked(REPORTS));
}

async function confirm(): Promise<string> {
  await be("alice");
  await act("furnish");
  const preview = await answer("command", { text: `delete ${DRAFT} from ${REPORTS}` });
  await press(preview, "confirm");
  await until((state) => !state.panes.buckets?.some((b) => b.objects.some((o) => o.key === DRAFT)), SECONDS);
  return behind((item) => item.action === "confirm");
}

async function refuse(): Promise<string> {
  await be("carol");
  await answer("command", { text: "create bucket acme-scratch" });
  return behind(asked("create bucket acme-scratch"));
}

async function workflow(): Promise<string> {
  await be("alice");
  await act("furnish"); // a rule that is there already would not be a change
  const before = new Set(now().panes.executions?.map((one) => one.execution_id));
  const preview = await answer("command", { text: `run lifecycle management workflow for ${LOGS}` });
  await press(preview, "confirm");
  const run = await until(
    (state) => state.panes.executions?.find((one) => !before.has(one.execution_id)),
    SECONDS,
  );
  go({ tab: "executions", execution: run.execution_id, thread: preview.thread || preview.ts });
  const id = run.execution_id;
  const over = await until((state) => {
    const run = state.panes.executions?.find((one) => one.execution_id === id);
    return run && !isOpen(run) ? run : null;
  }, 120);
  return `Step Functions ran ${over.steps.length} steps; ${id} has ${over.status}. Choose a state to see its input and output.`;
}

async function stop(): Promise<string> {
  await be("alice");
  const known = new Set(now().panes.executions?.map((one) => one.execution_id));
  const started = await answer("command", { text: `run log analysis workflow for ${LOG_GROUP}` });
  await press(started, "stop");
  const over = await until((state) => {
    const run = state.panes.executions?.find((one) => !known.has(one.execution_id));
    return run && !isOpen(run) ? run : null;
  }, 120);
  go({ execution: over.execution_id, thread: started.thread || started.ts });
  return `${over.execution_id} has ${over.status}. The thread says what was done, and what was not.`;
}

const PHRASE = "frisk";

async function teach(): Promise<string> {
  await be("alice");
  await answer("command", { text: `teach "${PHRASE} ${REPORTS}" means list files in ${REPORTS}` });
  await until((state) => state.panes.knowledge?.learned.length, SECONDS);
  await be("bob");
  await answer("command", { text: `${PHRASE} acme-archive` });
  return behind(asked(`${PHRASE} acme-archive`));
}

/** Whether the workflow's rule is on the bucket. */
function isRuled(): boolean {
  return Boolean(now().panes.buckets?.some((bucket) => bucket.name === LOGS && bucket.lifecycle.length));
}

/** The results of a workflow whose change can still be put back. */
function restorable(): Message | undefined {
  return now()
    .messages.get(OPS)
    ?.findLast((message) => hasButton(message, "restore"));
}

async function undo(): Promise<string> {
  await be("alice");
  if (!restorable() || !isRuled()) await workflow();
  const results = await until(restorable, SECONDS);
  go({ tab: "buckets", thread: results.thread || results.ts });
  await press(await press(results, "restore"), "confirm");
  await until(() => !isRuled(), SECONDS);
  return behind((item) => item.action === "confirm");
}

export const STEPS: TourStep[] = [
  {
    title: "Ask",
    text: "Alice is an admin. She asks in her own words; the knowledge base understands, and no model is needed.",
    button: "Alice: /s3agent list buckets",
    tab: "audit",
    play: ask,
  },
  {
    title: "Be asked",
    text: "Bob leaves out what is needed. The bot asks in the thread, and his reply goes on from there.",
    button: "Bob: @s3agent list files",
    tab: "audit",
    play: beAsked,
  },
  {
    title: "Confirm",
    text: "What deletes shows first what it will do, and waits for a click. Watch the file go from the bucket.",
    button: `Alice: delete ${DRAFT}, and confirm`,
    tab: "buckets",
    play: confirm,
  },
  {
    title: "Refuse",
    text: "Carol may look, and not change. The refusal says who may, and only she sees it.",
    button: "Carol: create bucket acme-scratch",
    tab: "audit",
    play: refuse,
  },
  {
    title: "Workflow",
    text: "A Step Functions workflow adds a lifecycle rule. Its states light up, and the results come into the thread.",
    button: "Alice: run lifecycle management",
    tab: "executions",
    play: workflow,
  },
  {
    title: "Stop",
    text: "A workflow that runs can be stopped, with a button or by its id: it ends before its next step.",
    button: "Alice: run log analysis, and stop it",
    tab: "executions",
    play: stop,
  },
  {
    title: "Teach",
    text: "Alice teaches the bot a phrase; Bob may use it at once, for other buckets too.",
    button: "Alice: teach “frisk …”; Bob: use it",
    tab: "knowledge",
    play: teach,
  },
  {
    title: "Undo",
    text: "What the workflow changed is put back, if nobody has changed it since: Restore previous, under its results.",
    button: "Alice: Restore previous, and confirm",
    tab: "buckets",
    play: undo,
  },
];
