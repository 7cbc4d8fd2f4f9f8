import { Alert, Table } from "@mantine/core";
import { Fragment, memo } from "react";
import type { Block, Cell, Element, Option, TaskCard, Text as TextObject } from "../types";
import { Control } from "./Control";
import { Plan, Task } from "./Plan";
import { Still, Written } from "./Still";

/** What a control does when it was used: with the option or value that was chosen. */
export type Use = (block: Block, element: Element, chosen?: unknown) => void;

/** The options that the bot has for what was typed into a select of this block. */
export type Suggest = (block: Block, query: string) => Promise<Option[]>;

interface Props {
  blocks: readonly Block[];
  use: Use;
  suggest?: Suggest;
  busy?: boolean;
}

const ALONE = new Set(["actions", "alert", "context", "header", "image", "plan", "table", "task_card"]);

/** Blocks as Slack draws them. The renderer draws what only shows; what can be used is made of the UI kit's parts. */
export const Blocks = memo(function Blocks({ blocks, use, suggest, busy = false }: Props) {
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
              suggest={suggest}
              busy={busy}
            />
          );
        if (first.type === "alert") return <Notice key={first.block_id} block={first} />;
        if (first.type === "header")
          return (
            <h3 key={first.block_id} className="header">
              {first.text?.text}
            </h3>
          );
        if (first.type === "context") return <Context key={first.block_id} block={first} />;
        if (first.type === "plan") return <Plan key={first.block_id} plan={first} />;
        if (first.type === "task_card")
          return <Task key={first.block_id} task={first as unknown as TaskCard} alone />;
        if (first.type === "table") return <Cells key={first.block_id} block={first} />;
        if (first.type === "image") return <Picture key={first.block_id} block={first} />;
        if (first.accessory) {
          const { accessory, ...section } = first;
          return (
            <div className="with-accessory" key={first.block_id}>
              <Still blocks={[section]} />
              <Controls block={first} elements={[accessory]} use={use} suggest={suggest} busy={busy} />
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
    const alone = ALONE.has(block.type) || (block.accessory && block.accessory.type !== "image");
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

interface ControlsProps {
  block: Block;
  elements: Element[];
  use: Use;
  suggest: Suggest | undefined;
  busy: boolean;
}

function Controls({ block, elements, use, suggest, busy }: ControlsProps) {
  return (
    <div className="controls">
      {elements.map((element, index) => (
        <Control
          // biome-ignore lint/suspicious/noArrayIndexKey: an action id may be missing, the order never changes
          key={`${element.action_id}-${index}`}
          element={element}
          busy={busy}
          use={(chosen) => use(block, element, chosen)}
          suggest={(query) => suggest?.(block, query) ?? Promise.resolve([])}
        />
      ))}
    </div>
  );
}

const LEVELS: Record<string, string> = { info: "busy", warning: "orange", error: "bad", success: "ok" };

/** What should not be overlooked. */
function Notice({ block }: { block: Block }) {
  return (
    <Alert variant="outline" color={LEVELS[block.level ?? ""] ?? "gray"} my={4} p="xs" role="note">
      {block.text && <Written text={block.text} />}
    </Alert>
  );
}

/** Small print under an answer. */
function Context({ block }: { block: Block }) {
  return (
    <div className="context">
      {block.elements?.map((element, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: parts have no name, and their order never changes
        <Fragment key={index}>
          {element.type === "image" ? (
            <span>[picture: {element.alt_text}]</span>
          ) : (
            <Written text={element as unknown as TextObject} />
          )}
        </Fragment>
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
  const title = (block.title as TextObject | undefined)?.text ?? block.alt_text ?? "";
  if (!block.slack_file) return <p className="muted">[picture: {title}]</p>;
  return (
    <figure className="picture">
      <figcaption>{title}</figcaption>
      <img src={`/files/${block.slack_file.id}`} alt={block.alt_text ?? ""} loading="lazy" />
    </figure>
  );
}
