import { Badge, Tabs } from "@mantine/core";
import { go, useStore } from "../store";
import { Audit } from "./Audit";
import { Buckets } from "./Buckets";
import { Executions } from "./Executions";
import { Knowledge } from "./Knowledge";
import { Logs } from "./Logs";
import { Queue } from "./Queue";

const PANES = {
  buckets: ["Buckets", Buckets],
  executions: ["Workflows", Executions],
  audit: ["Audit", Audit],
  knowledge: ["Knowledge", Knowledge],
  queue: ["Queue", Queue],
  logs: ["Logs", Logs],
} as const;

/** What there is in AWS, as it changes. Reading only. */
export function Account() {
  const tab = useStore((state) => state.place.tab);
  const running = useStore(
    (state) =>
      state.panes.executions?.filter((one) => ["starting", "running"].includes(one.status)).length ?? 0,
  );
  const dead = useStore((state) => state.panes.queue?.dead.waiting ?? 0);
  const marks: Record<string, number> = { executions: running, queue: dead };
  return (
    <Tabs
      value={tab}
      onChange={(value) => go({ tab: value ?? "buckets" })}
      keepMounted={false}
      className="account-tabs"
    >
      <Tabs.List aria-label="What there is in AWS">
        {Object.entries(PANES).map(([name, [title]]) => (
          <Tabs.Tab
            key={name}
            value={name}
            rightSection={
              marks[name] ? (
                <Badge size="xs" circle color={name === "queue" ? "bad" : "busy"}>
                  {marks[name]}
                </Badge>
              ) : null
            }
          >
            {title}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {Object.entries(PANES).map(([name, [, Pane]]) => (
        <Tabs.Panel key={name} value={name} className="pane" tabIndex={0}>
          <Pane />
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}

/** Until the first data are there. */
export function Waiting({ what }: { what: string }) {
  return <p className="muted">Reading {what} …</p>;
}
