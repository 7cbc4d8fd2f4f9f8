import { Button, TextInput } from "@mantine/core";
import { useCallback, useEffect, useState } from "react";
import { logs } from "../api";
import { clockWithSeconds } from "../format";
import { go, useStore } from "../store";
import type { LogLine } from "../types";

/** The log lines of one request, by the reference that its asker was given; the last lines of all without one. */
export function Logs() {
  const reference = useStore((state) => state.place.reference);
  const item = useStore((state) => state.panes.audit?.find((one) => one.reference === reference));
  const [typed, setTyped] = useState(reference);
  const [lines, setLines] = useState<LogLine[] | null>(null);
  const [problem, setProblem] = useState("");
  const find = useCallback((wanted: string) => {
    setProblem("");
    logs(wanted).then(setLines, (error: Error) => setProblem(error.message));
  }, []);
  useEffect(() => {
    setTyped(reference);
    find(reference);
  }, [reference, find]);
  return (
    <>
      <form
        className="find"
        onSubmit={(event) => {
          event.preventDefault();
          go({ reference: typed.trim() });
          find(typed.trim());
        }}
      >
        <TextInput
          placeholder="Reference of a request, or nothing for all"
          aria-label="Reference of a request"
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <Button type="submit" variant="default">
          Find
        </Button>
      </form>
      {item && (
        <p className="muted">
          {item.text ?? item.action}: {item.decision}
        </p>
      )}
      {problem && <p className="problem">{problem}</p>}
      {lines?.length === 0 && (
        <p className="muted">
          {reference ? "No log line belongs to this reference." : "Nothing was logged yet."}
        </p>
      )}
      <ol className="log">
        {lines?.map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines have no name, and their order never changes
          <li key={index}>
            <time>{clockWithSeconds(line.at)}</time> <b>{line.group}</b>
            <pre>{pretty(line.text)}</pre>
          </li>
        ))}
      </ol>
    </>
  );
}

/** A JSON line with its fields one below the other. */
function pretty(text: string): string {
  if (!text.startsWith("{")) return text;
  try {
    return JSON.stringify(JSON.parse(text), null, 1).replaceAll("\\n", "\n");
  } catch {
    return text;
  }
}
