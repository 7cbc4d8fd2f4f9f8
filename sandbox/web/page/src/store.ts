// The state of the page: what the server has shown, and where the person is. React reads it through `useStore`.

import { useSyncExternalStore } from "react";
import type { Channel, Message, Panes, Person, SlackChange, Snapshot, View, ViewContent } from "./types";

export type Link = "connecting" | "live" | "lost";

export interface State {
  link: Link;
  me: string;
  bot: string;
  people: ReadonlyMap<string, Person>;
  channels: readonly Channel[];
  messages: ReadonlyMap<string, readonly Message[]>;
  views: readonly View[];
  homeTab: boolean;
  /** Whether the local Slack refuses what comes too fast. */
  limited: boolean;
  home: ViewContent | null;
  /** What the bot says it is doing, by channel and thread. */
  statuses: ReadonlyMap<string, string>;
  panes: Panes;
  place: Place;
  /** By channel: the last message that the person has seen there. */
  seen: Readonly<Record<string, string>>;
}

/** Where the person is; it survives a reload. */
export interface Place {
  as: string;
  channel: string;
  thread: string;
  tab: string;
  execution: string;
  reference: string;
  tour: number;
  /** On a narrow screen only one of these is shown. */
  side: "channels" | "chat" | "aws";
  aws: boolean;
}

const START: Place = {
  as: "alice",
  channel: "C0OPS",
  thread: "",
  tab: "buckets",
  execution: "",
  reference: "",
  tour: 0,
  side: "chat",
  aws: true,
};

function kept<T>(name: string, otherwise: T): T {
  try {
    return { ...otherwise, ...JSON.parse(sessionStorage.getItem(name) ?? "{}") };
  } catch {
    return otherwise;
  }
}

let state: State = {
  link: "connecting",
  me: "",
  bot: "",
  people: new Map(),
  channels: [],
  messages: new Map(),
  views: [],
  homeTab: false,
  limited: false,
  home: null,
  statuses: new Map(),
  panes: {},
  place: kept("place", START),
  seen: kept("seen", {}),
};

/** Slack takes a status away by itself when nothing was posted for so long. */
const STATUS_MS = 120_000;

const listeners = new Set<() => void>();

function set(change: Partial<State>): void {
  state = { ...state, ...change };
  for (const listener of listeners) listener();
}

export function now(): State {
  return state;
}

export function useStore<T>(select: (state: State) => T): T {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => select(state),
  );
}

/** Resolves when the state looks as wanted; rejects when it does not in time. */
export function until<T>(look: (state: State) => T | undefined | null | false, seconds: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const finish = () => {
      listeners.delete(check);
      clearTimeout(timer);
    };
    const check = () => {
      const found = look(state);
      if (found) {
        finish();
        resolve(found);
      }
    };
    const timer = setTimeout(() => {
      finish();
      reject(new Error("The bot did not answer in time."));
    }, seconds * 1000);
    listeners.add(check);
    check();
  });
}

export function setLimited(limited: boolean): void {
  set({ limited });
}

export function setLink(link: Link): void {
  if (state.link !== link) set({ link });
}

export function go(change: Partial<Place>): void {
  const moved = change.channel !== undefined && change.channel !== state.place.channel;
  const place = { ...state.place, ...(moved ? { thread: "" } : {}), ...change };
  sessionStorage.setItem("place", JSON.stringify(place));
  set({ place });
}

export function markSeen(channel: string, ts: string): void {
  if ((state.seen[channel] ?? "") >= ts) return;
  const seen = { ...state.seen, [channel]: ts };
  sessionStorage.setItem("seen", JSON.stringify(seen));
  set({ seen });
}

export function setSnapshot(shown: Snapshot): void {
  const messages = new Map<string, Message[]>();
  for (const message of shown.messages) {
    const list = messages.get(message.channel);
    if (list) list.push(message);
    else messages.set(message.channel, [message]);
  }
  for (const list of messages.values()) list.sort(byTime);
  const here = shown.channels.some((channel) => channel.id === state.place.channel);
  const elsewhere = shown.channels.find((channel) => channel.kind !== "im") ?? shown.channels[0];
  set({
    me: shown.me,
    bot: shown.bot,
    people: new Map(shown.people.map((person) => [person.id, person])),
    channels: shown.channels,
    messages,
    views: shown.views,
    homeTab: shown.home_tab,
    limited: shown.limited,
    home: shown.home,
  });
  if (!here && elsewhere) go({ channel: elsewhere.id });
}

export function applyChange(change: SlackChange): void {
  if (change.view) applyView(change.kind, change.view);
  if (change.message) applyMessage(change.kind, change.message);
  if (change.status) {
    const { channel, thread, text } = change.status;
    setStatus(channel, thread, text);
    setTimeout(() => {
      if (state.statuses.get(`${channel} ${thread}`) === text) setStatus(channel, thread, "");
    }, STATUS_MS);
  }
  if (change.channel) applyChannel(change.channel);
}

export function setPane(pane: string, data: unknown): void {
  set({ panes: { ...state.panes, [pane]: data } });
}

function applyMessage(kind: SlackChange["kind"], message: Message): void {
  const others = (state.messages.get(message.channel) ?? []).filter((other) => other.ts !== message.ts);
  const list = kind === "deleted" ? others : [...others, message];
  const last = list[list.length - 2];
  if (kind !== "deleted" && last && last.ts > message.ts) list.sort(byTime);
  set({ messages: new Map(state.messages).set(message.channel, list) });
  if (message.user === state.bot && state.statuses.get(`${message.channel} ${message.thread}`))
    setStatus(message.channel, message.thread, "");
}

function setStatus(channel: string, thread: string, text: string): void {
  set({ statuses: new Map(state.statuses).set(`${channel} ${thread}`, text) });
}

function applyView(kind: SlackChange["kind"], view: View): void {
  if (kind === "published") {
    set({ home: view.content });
    return;
  }
  const at = state.views.findIndex((other) => other.id === view.id);
  if (kind === "closed") set({ views: state.views.filter((other) => other.id !== view.id) });
  else if (at < 0) set({ views: [...state.views, view] });
  else set({ views: state.views.with(at, view) });
}

function applyChannel(channel: Channel): void {
  const at = state.channels.findIndex((other) => other.id === channel.id);
  if (at < 0) set({ channels: [...state.channels, channel] });
  else if (JSON.stringify(state.channels[at]) !== JSON.stringify(channel))
    set({ channels: state.channels.with(at, channel) });
}

function byTime(one: Message, other: Message): number {
  return one.ts < other.ts ? -1 : one.ts > other.ts ? 1 : 0;
}
