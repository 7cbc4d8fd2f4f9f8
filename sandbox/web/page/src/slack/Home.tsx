import { useCallback, useState } from "react";
import { act } from "../api";
import { useStore } from "../store";
import { Blocks, type Use } from "./Blocks";

/** What the app shows a person on its Home tab; it is told when they look, and shows it anew. */
export function Home() {
  const home = useStore((state) => state.home);
  const [problem, setProblem] = useState("");
  const use: Use = useCallback(async (_block, element, chosen) => {
    const done = await act("click", { home: true, action: element.action_id, value: element.value, chosen });
    setProblem(done.ok && !done.problem ? "" : (done.error ?? done.problem ?? ""));
  }, []);
  if (!home) return <p className="muted">The app is getting this tab ready …</p>;
  return (
    <>
      <Blocks blocks={home.blocks} use={use} />
      {problem && (
        <p className="problem" role="alert">
          Something went wrong: {problem}
        </p>
      )}
    </>
  );
}
