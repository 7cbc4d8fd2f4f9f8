import { Badge, Code, Table } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { bytes, clockWithSeconds, plural } from "../format";
import { useStore } from "../store";
import type { Bucket, Json } from "../types";
import { Waiting } from "./Account";

/** Every bucket with its files; what is new lights up. */
export function Buckets() {
  const buckets = useStore((state) => state.panes.buckets);
  const fresh = useFresh(buckets);
  if (!buckets) return <Waiting what="the buckets" />;
  return (
    <>
      {buckets.map((bucket) => (
        <section
          key={bucket.name}
          className={`card${fresh.has(bucket.name) ? " fresh" : ""}`}
          aria-label={bucket.name}
        >
          <header>
            <h3>{bucket.name}</h3>
            <Badge variant="default" size="sm" tt="none">
              {bucket.region}
            </Badge>
            {bucket.versioning === "Enabled" && (
              <Badge variant="default" size="sm" tt="none">
                versioned
              </Badge>
            )}
            <small className="muted">
              {plural(bucket.objects.length, "file")}
              {bucket.more ? " and more" : ""}
            </small>
          </header>
          {bucket.lifecycle.map((rule) => (
            <p key={String(rule.ID)} className="rule">
              <b>lifecycle</b> {ruleText(rule)} <Code>{String(rule.ID)}</Code>
            </p>
          ))}
          {bucket.inventory.map((one) => (
            <p key={one.id} className="rule">
              <b>inventory</b> {one.frequency.toLowerCase()}, {one.format}, to {one.bucket}{" "}
              <Code>{one.id}</Code>
            </p>
          ))}
          <Files bucket={bucket} fresh={fresh} />
        </section>
      ))}
    </>
  );
}

const FEW = 8;

function Files({ bucket, fresh }: { bucket: Bucket; fresh: Set<string> }) {
  const [all, showAll] = useState(false);
  const { objects } = bucket;
  if (objects.length === 0) return <p className="muted">Empty.</p>;
  const shown = all ? objects : objects.slice(0, FEW);
  return (
    <>
      <Table className="files" aria-label={`Files in ${bucket.name}`}>
        <Table.Tbody>
          {shown.map((file) => (
            <Table.Tr key={file.key} className={fresh.has(`${bucket.name}/${file.key}`) ? "fresh" : ""}>
              <Table.Td className="key">{file.key}</Table.Td>
              <Table.Td className="number">{bytes(file.size)}</Table.Td>
              <Table.Td className="number muted">{clockWithSeconds(file.modified)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {objects.length > FEW && (
        <button type="button" className="more" onClick={() => showAll(!all)}>
          {all ? "Show fewer" : `Show ${objects.length - FEW} more`}
        </button>
      )}
    </>
  );
}

function ruleText(rule: Json): string {
  const filter = (rule.Filter ?? {}) as { Prefix?: string };
  const moves = ((rule.Transitions ?? []) as { Days?: number; StorageClass?: string }[]).map(
    (move) => `to ${move.StorageClass} after ${move.Days} days`,
  );
  const expires = (rule.Expiration ?? {}) as { Days?: number };
  const parts = [...moves, expires.Days ? `deleted after ${expires.Days} days` : ""].filter(Boolean);
  return `${filter.Prefix ? `${filter.Prefix} ` : ""}${parts.join(", ")}`;
}

/** Names of buckets and files that were not there a moment ago. */
function useFresh(buckets: readonly Bucket[] | undefined): Set<string> {
  const known = useRef<Set<string> | null>(null);
  const [fresh, setFresh] = useState(new Set<string>());
  useEffect(() => {
    if (!buckets) return;
    const names = new Set(
      buckets.flatMap((one) => [one.name, ...one.objects.map((file) => `${one.name}/${file.key}`)]),
    );
    const before = known.current;
    known.current = names;
    if (!before) return;
    const added = [...names].filter((name) => !before.has(name));
    if (added.length === 0) return;
    setFresh(new Set(added));
    const timer = setTimeout(() => setFresh(new Set()), 6000);
    return () => clearTimeout(timer);
  }, [buckets]);
  return fresh;
}
