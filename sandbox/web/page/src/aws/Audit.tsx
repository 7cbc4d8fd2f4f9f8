import { Badge, Button, Code } from "@mantine/core";
import { clockWithSeconds } from "../format";
import { go, useStore } from "../store";
import type { AuditItem } from "../types";
import { Waiting } from "./Account";
import { Data } from "./Data";

const COLOURS: Record<string, string> = {
  executed: "ok",
  confirmed: "ok",
  refused: "bad",
  asked: "busy",
};

/** Every request: who asked what, how it was understood, what was decided, what came of it. */
export function Audit() {
  const items = useStore((state) => state.panes.audit);
  if (!items) return <Waiting what="the audit" />;
  if (items.length === 0) return <p className="muted">Nothing was asked yet.</p>;
  return (
    <ul className="audit" aria-label="Requests">
      {items.map((item) => (
        <li key={item.id} className="card">
          <Item item={item} />
        </li>
      ))}
    </ul>
  );
}

export function Item({ item }: { item: AuditItem }) {
  const people = useStore((state) => state.people);
  const who = people.get(item.user)?.name ?? item.user;
  const said = item.text ?? (item.action ? `[${item.action}]` : item.kind);
  return (
    <>
      <header>
        <b>{who}</b> <span className="said-text">{said}</span>
        <small className="muted">{clockWithSeconds(Date.parse(item.at) / 1000)}</small>
      </header>
      <p>
        <Badge size="sm" tt="none" color={COLOURS[item.decision ?? ""] ?? "gray.7"}>
          {item.decision ?? "?"}
        </Badge>{" "}
        {item.intent && <Code>{item.entry ?? item.intent}</Code>}{" "}
        {item.source && <small>understood by the {source(item)}</small>}{" "}
        {item.outcome && item.outcome !== "done" && <small className="problem">{item.outcome}</small>}
      </p>
      {item.parameters && <Data title="Values" data={item.parameters} />}
      {item.phrase && <Data title="Phrase" data={item.phrase} />}
      {item.reference && (
        <Button
          size="compact-xs"
          variant="subtle"
          onClick={() => go({ tab: "logs", reference: item.reference ?? "" })}
        >
          Log of {item.reference}
        </Button>
      )}
    </>
  );
}

function source(item: AuditItem): string {
  return item.source === "model" ? "model" : (item.source ?? "").replaceAll("_", " ");
}
