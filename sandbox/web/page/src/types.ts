// What the server sends: sandbox/web/sight.py and account.py make it.

export type Json = Record<string, unknown>;

export interface Person {
  id: string;
  name: string;
  group: string;
  bot: boolean;
  guest: boolean;
}

export interface Channel {
  id: string;
  name: string;
  kind: "channel" | "group" | "im";
  shared: boolean;
  members: string[];
  bot: boolean;
}

export interface SharedFile {
  id: string;
  name: string;
  title: string;
  type: string;
  size: number;
}

export interface Message {
  channel: string;
  ts: string;
  user: string;
  text: string;
  blocks: Block[];
  thread: string;
  only_for: string;
  edited: string;
  files: SharedFile[];
}

export interface Text {
  type: "plain_text" | "mrkdwn";
  text: string;
}

export interface Option {
  text: Text;
  value: string;
  description?: Text;
}

export interface Confirm {
  title: Text;
  text: Text;
  confirm: Text;
  deny: Text;
  style?: "primary" | "danger";
}

/** Something to click or fill in; which fields it has depends on its type. */
export interface Element {
  type: string;
  action_id?: string;
  text?: Text;
  value?: string;
  url?: string;
  style?: "primary" | "danger";
  confirm?: Confirm;
  placeholder?: Text;
  options?: Option[];
  option_groups?: { label: Text; options: Option[] }[];
  initial_option?: Option;
  initial_options?: Option[];
  initial_value?: string;
  initial_date?: string;
  initial_time?: string;
  multiline?: boolean;
  min_query_length?: number;
  max_selected_items?: number;
  alt_text?: string;
  image_url?: string;
}

export interface Cell {
  type: "raw_text" | "raw_number" | "rich_text";
  text?: string;
  value?: number;
  elements?: unknown[];
}

/** A block; which fields it has depends on its type. */
export interface Block {
  type: string;
  block_id: string;
  elements?: Element[];
  element?: Element;
  accessory?: Element;
  text?: Text;
  level?: string;
  label?: Text;
  hint?: Text;
  optional?: boolean;
  rows?: Cell[][];
  column_settings?: ({ align?: "left" | "center" | "right"; is_wrapped?: boolean } | null)[];
  slack_file?: { id: string };
  alt_text?: string;
  /** An object of a picture, a plain string of a plan or a task. */
  title?: Text | string;
  tasks?: TaskCard[];
}

export type TaskStatus = "pending" | "in_progress" | "complete" | "error";

/** One step of a plan; by itself it is a block. */
export interface TaskCard {
  task_id: string;
  title: string;
  status?: TaskStatus;
  details?: Block;
  output?: Block;
  sources?: { url: string; text: string }[];
}

export interface ViewContent {
  type: "modal" | "home";
  title?: Text;
  submit?: Text;
  close?: Text;
  blocks: Block[];
}

export interface View {
  id: string;
  user: string;
  content: ViewContent;
  errors: Record<string, string>;
}

export interface Snapshot {
  number: number;
  me: string;
  bot: string;
  people: Person[];
  channels: Channel[];
  messages: Message[];
  views: View[];
  /** Whether the app has a Home tab, and what it shows there. */
  home_tab: boolean;
  /** Whether the local Slack refuses what comes too fast. */
  limited: boolean;
  home: ViewContent | null;
}

export interface SlackChange {
  kind: "posted" | "updated" | "deleted" | "opened" | "closed" | "published" | "status";
  message?: Message;
  channel?: Channel;
  view?: View;
  status?: { channel: string; thread: string; text: string };
}

export interface Bucket {
  name: string;
  region: string;
  versioning: string;
  lifecycle: Json[];
  inventory: { id: string; frequency: string; format: string; bucket: string }[];
  objects: { key: string; size: number; modified: number; storage: string }[];
  more: boolean;
}

export interface Step {
  name: string;
  state: string;
  started_at?: number;
  ended_at?: number;
  problem?: string;
}

export interface Execution {
  execution_id: string;
  workflow: string;
  title: string;
  status: string;
  parameters: Json;
  user: string;
  thread: string;
  channel: string;
  created_at: number;
  ended_at?: number;
  problem?: string;
  report?: Json;
  steps: Step[];
}

export interface StateRun {
  name: string;
  entered: number;
  left?: number;
  input?: unknown;
  output?: unknown;
  problem?: string;
}

export interface MachineState {
  Type: string;
  Comment?: string;
  Next?: string;
  End?: boolean;
  Default?: string;
  Choices?: { Next: string }[];
  Catch?: { Next: string }[];
}

export interface Machine {
  Comment?: string;
  StartAt: string;
  States: Record<string, MachineState>;
}

export interface AuditItem {
  id: string;
  at: string;
  kind: string;
  user: string;
  channel: string;
  text?: string;
  action?: string;
  decision?: string;
  outcome?: string;
  reference?: string;
  intent?: string;
  entry?: string;
  source?: string;
  phrase?: string;
  parameters?: Json;
  missing?: string[];
  usage?: Json;
  external?: boolean;
}

export interface Entry {
  name: string;
  title: string;
  summary: string;
  effect: string;
  access: string;
  phrases: string[];
  examples: { text: string; missing?: string[] }[];
  parameters?: { name: string; required?: boolean; default?: unknown; description?: string }[];
}

export interface Panes {
  buckets?: Bucket[];
  executions?: Execution[];
  audit?: AuditItem[];
  knowledge?: { entries: Entry[]; learned: Json[] };
  queue?: { requests: Depth; dead: Depth };
}

export interface Depth {
  waiting: number;
  working: number;
}

export interface LogLine {
  at: number;
  group: string;
  text: string;
}
