import { Badge, Code, TextInput } from "@mantine/core";
import { useState } from "react";
import { plural } from "../format";
import { useStore } from "../store";
import type { Entry, Json } from "../types";
import { Waiting } from "./Account";

const COLOURS: Record<string, string> = { read: "ok", write: "busy", destroy: "bad" };

/** What the bot knows without a model: its entries, and the phrases that people taught it. */
export function Knowledge() {
  const knowledge = useStore((state) => state.panes.knowledge);
  const [wanted, setWanted] = useState("");
  if (!knowledge) return <Waiting what="the knowledge base" />;
  const word = wanted.toLowerCase();
  const entries = knowledge.entries.filter((entry) => JSON.stringify(entry).toLowerCase().includes(word));
  return (
    <>
      <TextInput
        placeholder="Find in the knowledge base"
        aria-label="Find in the knowledge base"
        value={wanted}
        onChange={(event) => setWanted(event.currentTarget.value)}
      />
      <h3>Learned</h3>
      {knowledge.learned.length === 0 ? (
        <p className="muted">Nobody has taught it a phrase yet.</p>
      ) : (
        <ul className="audit">
          {knowledge.learned.map((phrase) => (
            <li key={String(phrase.name)} className="card fresh-once">
              <Learned phrase={phrase} />
            </li>
          ))}
        </ul>
      )}
      <h3>{plural(entries.length, "entry", "entries")} from the seeds</h3>
      {entries.map((entry) => (
        <Known key={entry.name} entry={entry} />
      ))}
    </>
  );
}

function Learned({ phrase }: { phrase: Json }) {
  const body = (typeof phrase.body === "object" && phrase.body ? phrase.body : phrase) as Json;
  const text = body.phrase ?? body.text ?? phrase.name;
  const means = body.entry ?? body.intent;
  return (
    <p>
      <Code>{String(text)}</Code>
      {means ? (
        <>
          {" "}
          means <b>{String(means)}</b>
        </>
      ) : null}
    </p>
  );
}

function Known({ entry }: { entry: Entry }) {
  return (
    <details className="card entry">
      <summary>
        <b>{entry.title}</b> <Code>{entry.name}</Code>{" "}
        <Badge size="sm" tt="none" color={COLOURS[entry.effect] ?? "gray.7"}>
          {entry.effect}
        </Badge>
      </summary>
      <p>{entry.summary}</p>
      <p className="muted">For example</p>
      <ul>
        {entry.examples.map((example) => (
          <li key={example.text}>{example.text}</li>
        ))}
      </ul>
      <p className="muted">{plural(entry.phrases.length, "phrase")}</p>
      <ul className="phrases">
        {entry.phrases.map((phrase) => (
          <li key={phrase}>
            <code>{phrase}</code>
          </li>
        ))}
      </ul>
    </details>
  );
}
