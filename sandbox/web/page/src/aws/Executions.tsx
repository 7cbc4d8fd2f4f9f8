import { Badge, UnstyledButton } from "@mantine/core";
import { useEffect, useMemo, useState } from "react";
import { type Run, execution as readExecution } from "../api";
import { clockWithSeconds, duration } from "../format";
import { go, useStore } from "../store";
import type { Execution, StateRun, Step } from "../types";
import { Waiting } from "./Account";
import { Data } from "./Data";
import { type Light, Machine } from "./Machine";

const COLOURS: Record<string, string> = {
  starting: "busy",
  running: "busy",
  succeeded: "ok",
  failed: "bad",
  timed_out: "bad",
  stopped: "gray.7",
};

/** The executions of workflows, and the one that is chosen: its graph, and what went in and out of each state. */
export function Executions() {
  const executions = useStore((state) => state.panes.executions);
  const chosen = useStore((state) => state.place.execution);
  if (!executions) return <Waiting what="the executions" />;
  if (executions.length === 0)
    return (
      <p className="muted">
        No workflow has run yet. Try <b>/s3agent run lifecycle management workflow for acme-app-logs</b>.
      </p>
    );
  const shown = executions.find((one) => one.execution_id === chosen) ?? executions[0];
  return (
    <>
      <ul className="executions" aria-label="Executions">
        {executions.slice(0, 12).map((one) => (
          <li key={one.execution_id}>
            <UnstyledButton
              aria-pressed={one === shown}
              className={one === shown ? "execution here" : "execution"}
              onClick={() => go({ execution: one.execution_id })}
            >
              <Badge size="sm" color={COLOURS[one.status] ?? "gray"} tt="none">
                {one.status.replace("_", " ")}
              </Badge>
              <span>{one.title}</span> <code>{one.execution_id}</code>
              <small className="muted">{clockWithSeconds(one.created_at)}</small>
            </UnstyledButton>
          </li>
        ))}
      </ul>
      {shown && <One key={shown.execution_id} execution={shown} />}
    </>
  );
}

function One({ execution }: { execution: Execution }) {
  const [run, setRun] = useState<Run | null>(null);
  const [state, setState] = useState("");
  const mark = JSON.stringify([execution.status, execution.steps]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: read again whenever a step has moved
  useEffect(() => {
    let wanted = true;
    readExecution(execution.execution_id).then(
      (found) => wanted && setRun(found),
      () => undefined,
    );
    return () => {
      wanted = false;
    };
  }, [execution.execution_id, mark]);
  const lights = useMemo(() => lit(execution, run?.states ?? []), [execution, run]);
  const runs = run?.states.filter((one) => one.name === state) ?? [];
  return (
    <section className="one" aria-label={`Execution ${execution.execution_id}`}>
      {execution.problem && <p className="problem">{execution.problem}</p>}
      {run && <Machine definition={run.machine} lights={lights} chosen={state} choose={setState} />}
      {state ? (
        <StateData name={state} runs={runs} comment={run?.machine.States[state]?.Comment ?? ""} />
      ) : (
        <>
          <p className="muted">Choose a state to see what went in and what came out.</p>
          <Data title="Input" data={execution.parameters} open />
          {execution.report && <Data title="Results" data={execution.report} />}
        </>
      )}
    </section>
  );
}

function StateData({ name, runs, comment }: { name: string; runs: StateRun[]; comment: string }) {
  const last = runs.at(-1);
  return (
    <div className="state-data" aria-live="polite">
      <h3>
        {name}
        {last && (
          <small className="muted">
            {" "}
            {clockWithSeconds(last.entered)}
            {last.left ? `, ${duration(last.left - last.entered)}` : ", running"}
          </small>
        )}
      </h3>
      {comment && <p className="muted">{comment}</p>}
      {last?.problem && <p className="problem">{last.problem}</p>}
      {last ? (
        <>
          <Data title="Input" data={last.input} />
          <Data title="Output" data={last.output} open />
        </>
      ) : (
        <p className="muted">It has not run.</p>
      )}
    </div>
  );
}

/** How far each state is: as its steps say in the record, and as Step Functions saw it. */
function lit(execution: Execution, states: readonly StateRun[]): Map<string, Light> {
  const over = !["starting", "running"].includes(execution.status);
  const lights = new Map<string, Light>(execution.steps.map((step) => [step.name, light(step)]));
  for (const state of states) {
    if (state.problem && over) lights.set(state.name, "failed");
    else if (state.left) lights.set(state.name, "done");
    else if (!lights.has(state.name) || lights.get(state.name) === "to_come")
      lights.set(state.name, over ? "done" : "running");
  }
  for (const step of execution.steps) if (step.state === "failed") lights.set(step.name, "failed");
  return lights;
}

function light(step: Step): Light {
  return ["running", "done", "failed"].includes(step.state) ? (step.state as Light) : "to_come";
}
