import { Table } from "@mantine/core";
import { memo, useMemo } from "react";
import { Message as Drawn } from "slack-blocks-to-jsx";
import { useStore } from "../store";
import { useDark } from "../theme";
import type { Block, Cell, Element } from "../types";
import { Control } from "./Control";

/** What a control does when it was used: with the option or value that was chosen. */
export type Use = (block: Block, element: Element, chosen?: unknown) => void;

interface Props {
  blocks: readonly Block[];
  use: Use;
  busy?: boolean;
}

const INTERACTIVE = new Set(["actions", "table", "image"]);

/** Blocks as Slack draws them. The renderer draws what only shows; what can be used is made of the UI kit's parts. */
export const Blocks = memo(function Blocks({ blocks, use, busy = false }: Props) {
  return (
    <>
      {runs(blocks).map((run) => {
        const [first] = run;
        if (first === undefined) return null;
        if (first.type === "actions")
          return (
            <Controls
              key={first.block_id}
              block={first}
              elements={first.elements ?? []}
              use={use}
              busy={busy}
            />
          );
        if (first.type === "table") return <Cells key={first.block_id} block={first} />;
        if (first.type === "image") return <Picture key={first.block_id} block={first} />;
        if (first.accessory) {
          const { accessory, ...section } = first;
          return (
            <div className="with-accessory" key={first.block_id}>
              <Still blocks={[section]} />
              <Controls block={first} elements={[accessory]} use={use} busy={busy} />
            </div>
          );
        }
        return <Still key={first.block_id} blocks={run} />;
      })}
    </>
  );
});

/** Neighbours that only show are drawn together, the others one by one. */
function runs(blocks: readonly Block[]): Block[][] {
  const found: Block[][] = [];
  let still: Block[] | null = null;
  for (const block of blocks) {
    const alone = INTERACTIVE.has(block.type) || (block.accessory && block.accessory.type !== "image");
    if (alone) {
      found.push([block]);
      still = null;
    } else if (still) still.push(block);
    else {
      still = [block];
      found.push(still);
    }
  }
  return found;
}

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
  const nameless = blocks.map(({ block_id: _, ...block }) => block);
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

function Controls({
  block,
  elements,
  use,
  busy,
}: {
  block: Block;
  elements: Element[];
  use: Use;
  busy: boolean;
}) {
  return (
    <div className="controls">
      {elements.map((element, index) => (
        <Control
          // biome-ignore lint/suspicious/noArrayIndexKey: an action id may be missing, the order never changes
          key={`${element.action_id}-${index}`}
          element={element}
          busy={busy}
          use={(chosen) => use(block, element, chosen)}
        />
      ))}
    </div>
  );
}

/** A table whose cells stand as they are: a name in a cell is no mention, and no link. */
function Cells({ block }: { block: Block }) {
  const [head, ...rows] = block.rows ?? [];
  if (!head) return null;
  const align = (column: number) => block.column_settings?.[column]?.align ?? "left";
  return (
    <Table.ScrollContainer
      minWidth={0}
      className="block-table"
      type="native"
      // A wide table scrolls, and what scrolls must be reachable with the keyboard.
      tabIndex={0}
      role="group"
      aria-label="Table"
    >
      <Table withTableBorder withColumnBorders>
        <Table.Thead>
          <Table.Tr>
            {head.map((cell, column) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a column is known by its place
              <Table.Th key={column} ta={align(column)} scope="col">
                <Content cell={cell} />
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row, line) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a row is known by its place
            <Table.Tr key={line}>
              {row.map((cell, column) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a column is known by its place
                <Table.Td key={column} ta={align(column)}>
                  <Content cell={cell} />
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Content({ cell }: { cell: Cell }) {
  if (cell.type === "rich_text") return <Still blocks={[cell as unknown as Block]} />;
  return <>{cell.text ?? cell.value}</>;
}

/** A picture that the bot uploaded; one from elsewhere is only named, since no request leaves the machine. */
function Picture({ block }: { block: Block }) {
  const title = block.title?.text ?? block.alt_text ?? "";
  if (!block.slack_file) return <p className="muted">[picture: {title}]</p>;
  return (
    <figure className="picture">
      <figcaption>{title}</figcaption>
      <img src={`/files/${block.slack_file.id}`} alt={block.alt_text ?? ""} loading="lazy" />
    </figure>
  );
}
