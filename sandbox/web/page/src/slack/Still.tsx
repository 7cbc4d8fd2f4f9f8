import { memo, useMemo } from "react";
import { Message as Drawn } from "slack-blocks-to-jsx";
import { useStore } from "../store";
import { useDark } from "../theme";
import type { Block, Text } from "../types";

/** Blocks that only show something. */
export const Still = memo(function Still({ blocks }: { blocks: Block[] }) {
  const people = useStore((state) => state.people);
  const channels = useStore((state) => state.channels);
  const dark = useDark();
  const data = useMemo(
    () => ({
      users: [...people.values()].map(({ id, name }) => ({ id, name, avatar: "" })),
      channels: channels.map(({ id, name }) => ({ id, name })),
    }),
    [people, channels],
  );
  // Their ids would stand in the page twice where a message stands in a thread and in the channel.
  const nameless = blocks.map(asItStands).map(({ block_id: _, ...block }) => block);
  return (
    <Drawn
      blocks={nameless as never}
      data={data as never}
      theme={dark ? "dark" : "light"}
      name=""
      logo=""
      withoutWrapper
    />
  );
});

/** The renderer reads markup in plain text too, which Slack shows as it stands; in rich text it does not. */
function asItStands(block: Block): Block {
  const { text } = block as { text?: Text };
  if (block.type !== "section" || text?.type !== "plain_text" || "fields" in block) return block;
  const elements = [{ type: "text", text: text.text }];
  const section = { type: "rich_text_section", elements };
  return { type: "rich_text", block_id: block.block_id, elements: [section] } as unknown as Block;
}

/** What a person typed, as Slack delivers it: references spelled out, all else as it stands. */
export function Typed({ text }: { text: string }) {
  const block = useMemo(() => richText(text), [text]);
  return <Still blocks={[block]} />;
}

const REFERENCE = /<([@#!]?)([^>|]+)(?:\|([^>]*))?>/g;
const ESCAPES: Record<string, string> = { "&amp;": "&", "&lt;": "<", "&gt;": ">" };

function richText(text: string): Block {
  const elements: unknown[] = [];
  let after = 0;
  for (const match of text.matchAll(REFERENCE)) {
    elements.push(...literal(text.slice(after, match.index)));
    elements.push(referred(match[1] ?? "", match[2] ?? "", match[3]));
    after = match.index + match[0].length;
  }
  elements.push(...literal(text.slice(after)));
  const section = { type: "rich_text_section", elements };
  return { type: "rich_text", block_id: "typed", elements: [section] } as unknown as Block;
}

function literal(text: string) {
  return text
    ? [{ type: "text", text: text.replace(/&(amp|lt|gt);/g, (entity) => ESCAPES[entity] ?? entity) }]
    : [];
}

function referred(kind: string, target: string, label: string | undefined) {
  if (kind === "@") return { type: "user", user_id: target };
  if (kind === "#") return { type: "channel", channel_id: target };
  if (kind === "!") return { type: "broadcast", range: target };
  return { type: "link", url: target, text: label ?? target };
}

/** A text object: plain text stands as it is, markup is drawn. */
export function Written({ text }: { text: Text }) {
  if (text.type === "plain_text") return <span>{text.text}</span>;
  return <Still blocks={[{ type: "section", block_id: "written", text } as unknown as Block]} />;
}
