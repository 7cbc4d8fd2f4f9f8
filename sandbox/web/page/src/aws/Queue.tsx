import { Button, Switch } from "@mantine/core";
import { useState } from "react";
import { act } from "../api";
import { setLimited, useStore } from "../store";
import type { Depth } from "../types";
import { Waiting } from "./Account";

/** How many requests wait, are worked on, and were given up. */
export function Queue() {
  const queue = useStore((state) => state.panes.queue);
  if (!queue) return <Waiting what="the queue" />;
  return (
    <div className="depths">
      <Line name="Requests.fifo" about="What was asked and not answered yet." depth={queue.requests} />
      <Line
        name="Dead letters"
        about="Given up after all deliveries; an alarm rings."
        depth={queue.dead}
        bad
      />
      <Misbehave />
    </div>
  );
}

const FAULTS = ["rate limit", "error 500", "slow", "dropped"];

/** Lets the local Slack fail the bot's next call: the queue shows what becomes of the request. */
function Misbehave() {
  const [planned, plan] = useState("");
  const limited = useStore((state) => state.limited);
  return (
    <section className="card" aria-label="When Slack fails">
      <header>
        <h3>When Slack fails</h3>
      </header>
      <p className="muted">The next call of the bot to Slack meets …</p>
      <div className="controls">
        {FAULTS.map((fault) => (
          <Button
            key={fault}
            size="compact-sm"
            variant="default"
            onClick={() => act("misbehave", { fault }).then(() => plan(fault))}
          >
            {fault}
          </Button>
        ))}
      </div>
      <Switch
        size="sm"
        mt="xs"
        label="Keep Slack's rate limits: bursts of 5 messages, then one a second in a channel"
        checked={limited}
        onChange={(event) => {
          const on = event.currentTarget.checked;
          act("limit_rates", { on }).then((done) => done.ok && setLimited(on));
        }}
      />
      {planned && <p role="status">Planned: {planned}. Now ask the bot for something.</p>}
    </section>
  );
}

function Line({
  name,
  about,
  depth,
  bad = false,
}: {
  name: string;
  about: string;
  depth: Depth;
  bad?: boolean;
}) {
  return (
    <section className="card" aria-label={name}>
      <header>
        <h3>{name}</h3>
      </header>
      <dl>
        <div className={bad && depth.waiting > 0 ? "depth bad" : "depth"}>
          <dd>{depth.waiting}</dd>
          <dt>waiting</dt>
        </div>
        <div className="depth">
          <dd>{depth.working}</dd>
          <dt>being worked on</dt>
        </div>
      </dl>
      <p className="muted">{about}</p>
    </section>
  );
}
