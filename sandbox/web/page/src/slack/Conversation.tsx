import { ActionIcon, Tabs } from "@mantine/core";
import { useEffect, useMemo } from "react";
import { act } from "../api";
import { go, markSeen, useStore } from "../store";
import type { Channel, Message } from "../types";
import { Composer } from "./Composer";
import { Home } from "./Home";
import { MessageList } from "./MessageList";

const NONE: readonly Message[] = [];

/** The channel that is open: its messages, without the replies, and where one types. */
export function Conversation() {
  const place = useStore((state) => state.place);
  const channel = useStore((state) => state.channels.find((one) => one.id === place.channel));
  const messages = useStore((state) => state.messages.get(place.channel)) ?? NONE;
  const homeTab = useStore((state) => state.homeTab);
  const { roots, replies } = useMemo(() => sorted(messages), [messages]);
  const last = messages.at(-1)?.ts;
  useEffect(() => {
    if (last) markSeen(place.channel, last);
  }, [place.channel, last]);
  if (!channel) return <main className="conversation" aria-label="Conversation" />;
  const title = channel.kind === "im" ? "s3agent" : channel.name;
  const talk = (
    <>
      <MessageList label={`Messages in ${title}`} name={channel.id} messages={roots} replies={replies} />
      <Composer key={channel.id} channel={channel} />
    </>
  );
  return (
    <main className="conversation" aria-label={`Conversation in ${title}`}>
      <header className="bar">
        <h1>
          <span aria-hidden="true">
            {channel.kind === "im" ? "" : channel.kind === "group" ? "🔒 " : "# "}
          </span>
          {title}
        </h1>
        <About channel={channel} />
      </header>
      {channel.kind === "im" && homeTab ? (
        <Tabs
          defaultValue="messages"
          className="home-tabs"
          keepMounted={false}
          onChange={(tab) => act("open_app", { tab })}
        >
          <Tabs.List aria-label={title}>
            <Tabs.Tab value="home">Home</Tabs.Tab>
            <Tabs.Tab value="messages">Messages</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="home" className="home" tabIndex={0}>
            <Home />
          </Tabs.Panel>
          <Tabs.Panel value="messages">{talk}</Tabs.Panel>
        </Tabs>
      ) : (
        talk
      )}
    </main>
  );
}

function About({ channel }: { channel: Channel }) {
  const count = channel.members.length;
  if (channel.kind === "im") return <small>only you and the app</small>;
  return (
    <small>
      {count} members{channel.bot ? "" : " · the bot is not in here"}
      {channel.shared ? " · shared with another workspace" : ""}
    </small>
  );
}

/** The thread that is open beside the channel. */
export function Thread() {
  const { channel: place, thread } = useStore((state) => state.place);
  const channel = useStore((state) => state.channels.find((one) => one.id === place));
  const messages = useStore((state) => state.messages.get(place)) ?? NONE;
  const list = useMemo(
    () => messages.filter((message) => message.ts === thread || message.thread === thread),
    [messages, thread],
  );
  if (!thread || !channel) return null;
  return (
    <aside className="thread" aria-label="Thread">
      <header className="bar">
        <h2>Thread</h2>
        <small>{channel.kind === "im" ? "s3agent" : `#${channel.name}`}</small>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label="Close the thread"
          onClick={() => go({ thread: "" })}
        >
          ✕
        </ActionIcon>
      </header>
      <MessageList label="Messages of the thread" name={thread} messages={list} inThread />
      <Composer key={thread} channel={channel} thread={thread} />
    </aside>
  );
}

function sorted(messages: readonly Message[]) {
  const roots: Message[] = [];
  const replies = new Map<string, Message[]>();
  for (const message of messages) {
    if (!message.thread) {
      roots.push(message);
      continue;
    }
    const list = replies.get(message.thread);
    if (list) list.push(message);
    else replies.set(message.thread, [message]);
  }
  return { roots, replies };
}
