import { Button, Progress } from "@mantine/core";
import { useState } from "react";
import { go, useStore } from "../store";
import { STEPS } from "./steps";

/** Eight things that a newcomer should have seen; each is one click, and shows what happened behind it. */
export function Tour() {
  const at = useStore((state) => state.place.tour);
  const [busy, setBusy] = useState(false);
  const [came, setCame] = useState<{ step: number; text: string; bad: boolean } | null>(null);
  const step = STEPS[at - 1];
  if (at === 0)
    return (
      <div className="tour closed">
        <Button size="compact-sm" variant="light" onClick={() => go({ tour: 1 })}>
          Take the tour: {STEPS.length} steps
        </Button>
      </div>
    );
  if (!step)
    return (
      <section className="tour" aria-label="Tour">
        <p>
          <b>That was the tour.</b> Now type yourself: <code>/s3agent help</code> shows what you may ask for.
        </p>
        <div className="tour-buttons">
          <Button size="compact-sm" variant="default" onClick={() => go({ tour: 1 })}>
            Again
          </Button>
          <Button size="compact-sm" onClick={() => go({ tour: 0 })}>
            Done
          </Button>
        </div>
      </section>
    );
  const play = async () => {
    setBusy(true);
    setCame(null);
    go({ tab: step.tab });
    try {
      setCame({ step: at, text: await step.play(), bad: false });
    } catch (error) {
      setCame({ step: at, text: (error as Error).message, bad: true });
    }
    setBusy(false);
  };
  const shown = came?.step === at ? came : null;
  return (
    <section className="tour" aria-label="Tour">
      <Progress value={(at / STEPS.length) * 100} size="xs" aria-label="Progress of the tour" />
      <h3>
        {at}. {step.title}
      </h3>
      <p>{step.text}</p>
      {shown && (
        <p className={shown.bad ? "problem" : "came"} role="status">
          {shown.text}
        </p>
      )}
      <div className="tour-buttons">
        <Button
          size="compact-sm"
          loading={busy}
          variant={shown && !shown.bad ? "default" : "filled"}
          onClick={play}
        >
          {step.button}
        </Button>
        <Button
          size="compact-sm"
          variant={shown && !shown.bad ? "filled" : "default"}
          disabled={busy}
          onClick={() => go({ tour: at + 1 })}
        >
          {at === STEPS.length ? "Finish" : "Next"}
        </Button>
        <Button size="compact-sm" variant="subtle" disabled={busy} onClick={() => go({ tour: 0 })}>
          End the tour
        </Button>
      </div>
    </section>
  );
}
