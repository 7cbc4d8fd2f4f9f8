import { Fragment, useLayoutEffect, useRef } from "react";
import type { Message } from "../types";
import { MessageRow } from "./MessageRow";

const TOGETHER_SECONDS = 300;
const NEAR_END = 80;
/** How long a scroll is taken for the reader's own after they turned the wheel, touched or pressed a key. */
const OWN_SCROLL_MS = 600;

interface Props {
  label: string;
  messages: readonly Message[];
  replies?: ReadonlyMap<string, readonly Message[]>;
  /** Another list begins at its end again. */
  name: string;
  inThread?: boolean;
}

/** Messages from the oldest to the newest; stays at the end while the reader is there. */
export function MessageList({ label, messages, replies, name, inThread = false }: Props) {
  const list = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const shown = useRef("");
  const last = messages.at(-1);
  const mark = `${name} ${messages.length} ${last?.ts} ${last?.edited}`;

  useLayoutEffect(() => {
    const element = list.current;
    if (!element) return;
    const [former] = shown.current.split(" ");
    if (former !== name) atEnd.current = true;
    shown.current = mark;
    if (atEnd.current) element.scrollTop = element.scrollHeight;
  }, [mark, name]);

  // What is drawn later than the message itself, such as a picture, must not push the end out of sight.
  useLayoutEffect(() => {
    const element = list.current;
    const inside = element?.firstElementChild;
    if (!element || !inside) return;
    const observer = new ResizeObserver(() => {
      if (atEnd.current) element.scrollTop = element.scrollHeight;
    });
    observer.observe(inside);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  const touched = useRef(0);
  const touch = () => {
    touched.current = performance.now();
  };
  // Scrolls also come when the column gets another width: then the end stays in sight.
  const scrolled = () => {
    const element = list.current;
    if (!element) return;
    if (performance.now() - touched.current < OWN_SCROLL_MS)
      atEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_END;
    else if (atEnd.current) element.scrollTop = element.scrollHeight;
  };

  return (
    <div
      className="messages"
      ref={list}
      onScroll={scrolled}
      onWheel={touch}
      onTouchMove={touch}
      onPointerDown={touch}
      onKeyDown={touch}
      role="log"
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard
      tabIndex={0}
    >
      <div className="messages-inside">
        {messages.map((message, index) => {
          const before = messages[index - 1];
          const answers = replies?.get(message.ts);
          return (
            <Fragment key={message.ts}>
              {newDay(before, message) && <Day ts={message.ts} />}
              <MessageRow
                message={message}
                follows={goesOn(before, message)}
                replies={answers?.length ?? 0}
                lastReply={answers?.at(-1)?.ts ?? ""}
                inThread={inThread}
              />
            </Fragment>
          );
        })}
      </div>
    </div>
  );
}

function goesOn(before: Message | undefined, message: Message): boolean {
  if (!before || newDay(before, message) || message.only_for || before.only_for) return false;
  return before.user === message.user && Number(message.ts) - Number(before.ts) < TOGETHER_SECONDS;
}

function newDay(before: Message | undefined, message: Message): boolean {
  return !before || date(before.ts) !== date(message.ts);
}

function date(ts: string): string {
  return new Date(Number(ts) * 1000).toDateString();
}

function Day({ ts }: { ts: string }) {
  const day = new Date(Number(ts) * 1000);
  const today = day.toDateString() === new Date().toDateString();
  return (
    <div className="day">
      <span>{today ? "Today" : day.toLocaleDateString([], { dateStyle: "long" })}</span>
    </div>
  );
}
