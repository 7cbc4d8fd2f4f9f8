import { Badge, Button, Tooltip } from "@mantine/core";
import { memo, useCallback, useState } from "react";
import { act } from "../api";
import { bytes, clock, moment, plural } from "../format";
import { go, useStore } from "../store";
import type { Block, Element, Message, SharedFile } from "../types";
import { Avatar } from "./Avatar";
import { Blocks, type Suggest } from "./Blocks";
import { Typed } from "./Still";

interface Props {
  message: Message;
  /** The person who wrote the one above, when it follows soon after: then name and picture are left out. */
  follows?: boolean;
  replies?: number;
  lastReply?: string;
  inThread?: boolean;
}

/** One message of a channel or a thread. */
export const MessageRow = memo(function MessageRow({
  message,
  follows,
  replies = 0,
  lastReply,
  inThread,
}: Props) {
  const author = useStore((state) => state.people.get(message.user));
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const seconds = Number.parseFloat(message.ts);
  const { channel, ts } = message;
  const use = useCallback(
    async (block: Block, element: Element, chosen?: unknown) => {
      setProblem("");
      setBusy(true);
      const details = { channel, ts, action: element.action_id, value: element.value, block: block.block_id };
      const done = await act("click", chosen === undefined ? details : { ...details, chosen });
      setBusy(false);
      if (!done.ok || done.problem) setProblem(done.error ?? done.problem ?? "");
    },
    [channel, ts],
  );
  const suggest: Suggest = useCallback(
    async (block, query) =>
      (await act("suggest", { channel, ts, block: block.block_id, query })).options ?? [],
    [channel, ts],
  );
  const open = () => go({ thread: message.thread || message.ts });
  return (
    <article
      className={`message${follows ? " follows" : ""}${message.only_for ? " only" : ""}`}
      aria-label={`${author?.name ?? message.user}, ${clock(seconds)}`}
      data-ts={message.ts}
    >
      <div className="gutter">
        {follows ? <time className="small-time">{clock(seconds)}</time> : <Avatar user={message.user} />}
      </div>
      <div className="said">
        {message.only_for && (
          <p className="only-you">
            <span aria-hidden="true">👁</span> Only visible to you
          </p>
        )}
        {!follows && (
          <header>
            <b>{author?.name ?? message.user}</b>
            {author?.bot && (
              <Badge size="xs" radius="sm" variant="light" color="gray" className="app">
                App
              </Badge>
            )}
            <Tooltip label={moment(seconds)} openDelay={300}>
              <time dateTime={new Date(seconds * 1000).toISOString()}>{clock(seconds)}</time>
            </Tooltip>
          </header>
        )}
        <div className="body">
          {message.blocks.length > 0 ? (
            <Blocks blocks={message.blocks} use={use} suggest={suggest} busy={busy} />
          ) : (
            message.text && <Typed text={message.text} />
          )}
          {message.files.map((file) => (
            <Shared key={file.id} file={file} />
          ))}
          {message.edited && <small className="edited">(edited)</small>}
        </div>
        {problem && (
          <p className="problem" role="alert">
            Something went wrong: {problem}
          </p>
        )}
        {replies > 0 && (
          <button type="button" className="replies" onClick={open}>
            <b>{plural(replies, "reply", "replies")}</b>
            {lastReply && <span> Last at {clock(Number.parseFloat(lastReply))}</span>}
          </button>
        )}
      </div>
      {!inThread && !message.only_for && (
        <div className="hover">
          <Button size="compact-xs" variant="default" onClick={open}>
            Reply in thread
          </Button>
        </div>
      )}
    </article>
  );
});

function Shared({ file }: { file: SharedFile }) {
  if (file.type.startsWith("image/"))
    return (
      <figure className="picture">
        <figcaption>{file.title || file.name}</figcaption>
        <img src={`/files/${file.id}`} alt={file.title || file.name} loading="lazy" />
      </figure>
    );
  return (
    <a className="file" href={`/files/${file.id}`} target="_blank" rel="noreferrer">
      📄 {file.title || file.name} <small>{bytes(file.size)}</small>
    </a>
  );
}
