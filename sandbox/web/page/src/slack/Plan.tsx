import { Anchor, Collapse, Loader, UnstyledButton } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import type { Block, TaskCard, TaskStatus } from "../types";
import { Still } from "./Still";

const WORDS: Record<TaskStatus, string> = {
  pending: "to come",
  in_progress: "under way",
  complete: "done",
  error: "failed",
};

/** What an app is working through. Slack shows the title, and its steps once it is opened. */
export function Plan({ plan }: { plan: Block }) {
  const [open, { toggle }] = useDisclosure(false);
  const tasks = plan.tasks ?? [];
  const title = String(plan.title ?? "");
  return (
    <section className="plan" aria-label={title}>
      <UnstyledButton className="plan-title" aria-expanded={open} onClick={toggle}>
        <Mark status={overall(tasks)} />
        <b>{title}</b>
        <span className={`chevron${open ? " open" : ""}`} aria-hidden="true">
          ›
        </span>
      </UnstyledButton>
      <Collapse expanded={open}>
        <ol>
          {tasks.map((task) => (
            <li key={task.task_id}>
              <Task task={task} />
            </li>
          ))}
        </ol>
      </Collapse>
    </section>
  );
}

/** The state of a plan: what went wrong before what goes on, and done when all of it is. */
function overall(tasks: readonly TaskCard[]): TaskStatus {
  const states = tasks.map((task) => task.status ?? "pending");
  if (states.includes("error")) return "error";
  if (states.every((state) => state === "complete")) return "complete";
  return states.every((state) => state === "pending") ? "pending" : "in_progress";
}

/** One step: its state and title, and what there is to say of it. */
export function Task({ task, alone = false }: { task: TaskCard; alone?: boolean }) {
  const parts = [task.details, task.output].filter((part) => part !== undefined);
  return (
    <div className={`task${alone ? " alone" : ""}`}>
      <p className="task-title">
        <Mark status={task.status ?? "pending"} /> {task.title}
      </p>
      {parts.length > 0 && <Still blocks={parts} />}
      {task.sources && (
        <p className="sources">
          {task.sources.map((source) => (
            <Anchor key={source.url} href={source.url} target="_blank" rel="noreferrer" size="sm">
              {source.text}
            </Anchor>
          ))}
        </p>
      )}
    </div>
  );
}

function Mark({ status }: { status: TaskStatus }) {
  return (
    <span className={`mark ${status}`} role="img" aria-label={WORDS[status]}>
      {status === "in_progress" ? <Loader size={14} /> : { pending: "○", complete: "✓", error: "✕" }[status]}
    </span>
  );
}
