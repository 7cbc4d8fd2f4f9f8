import { useStore } from "../store";
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
    </div>
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
