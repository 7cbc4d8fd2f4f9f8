import { Button, Modal, Stack } from "@mantine/core";
import { useRef, useState } from "react";
import { act } from "../api";
import { useStore } from "../store";
import type { Block, View } from "../types";
import { Blocks } from "./Blocks";
import { Control } from "./Control";

const REQUIRED = "Please complete this required field.";

/** Whether a field that must be filled in is empty; Slack itself says so, the bot is not asked. */
function isMissing(block: Block, values: Record<string, unknown>): boolean {
  const { element } = block;
  if (block.type !== "input" || block.optional || !element) return false;
  const initial =
    element.initial_value ?? element.initial_option ?? element.initial_options ?? element.initial_date;
  const value = block.block_id in values ? values[block.block_id] : (initial ?? element.initial_time);
  return (
    value === undefined || value === null || value === "" || (Array.isArray(value) && value.length === 0)
  );
}

/** The modal that the bot has opened, the one on top if there are several. */
export function Form() {
  const view = useStore((state) => state.views.at(-1));
  if (!view) return null;
  return <Open key={view.id} view={view} />;
}

function Open({ view }: { view: View }) {
  const values = useRef<Record<string, unknown>>({});
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  const [missing, setMissing] = useState<string[]>([]);
  const { content, errors } = view;

  const submit = async (event: React.FormEvent) => {
    event.preventDefault();
    const empty = content.blocks
      .filter((block) => isMissing(block, values.current))
      .map((block) => block.block_id);
    setMissing(empty);
    if (empty.length > 0) return;
    setBusy(true);
    setProblem("");
    const done = await act("submit", { view: view.id, values: values.current });
    setBusy(false);
    if (!done.ok || done.problem) setProblem("We had some trouble connecting. Try again?");
  };
  const close = () => act("close", { view: view.id });

  return (
    <Modal
      opened
      onClose={close}
      title={content.title?.text}
      centered
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          {content.blocks.map((block) =>
            block.type === "input" && block.element ? (
              <Input
                key={block.block_id}
                block={block}
                view={view}
                error={missing.includes(block.block_id) ? REQUIRED : (errors[block.block_id] ?? "")}
                keep={(value) => {
                  values.current[block.block_id] = value;
                }}
              />
            ) : (
              <div key={block.block_id}>
                <Blocks blocks={[block]} use={() => undefined} />
              </div>
            ),
          )}
          {problem && (
            <p className="problem" role="alert">
              {problem}
            </p>
          )}
          <div className="dialog-buttons">
            <Button variant="default" onClick={close}>
              {content.close?.text ?? "Cancel"}
            </Button>
            {content.submit && (
              <Button type="submit" color="ok" loading={busy}>
                {content.submit.text}
              </Button>
            )}
          </div>
        </Stack>
      </form>
    </Modal>
  );
}

interface InputProps {
  block: Block;
  view: View;
  error: string;
  keep: (value: unknown) => void;
}

function Input({ block, view, error, keep }: InputProps) {
  if (!block.element) return null;
  return (
    <Control
      element={block.element}
      label={block.label?.text ?? ""}
      description={block.hint?.text ?? ""}
      required={!block.optional}
      error={error}
      use={keep}
      suggest={async (query) =>
        (await act("suggest", { view: view.id, block: block.block_id, query })).options ?? []
      }
    />
  );
}
