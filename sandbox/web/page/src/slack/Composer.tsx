import { ActionIcon, Combobox, Textarea, useCombobox } from "@mantine/core";
import { useEffect, useMemo, useRef, useState } from "react";
import { act } from "../api";
import { useStore } from "../store";
import type { Channel, Entry } from "../types";

export const COMMAND = "/s3agent";
const SUGGESTIONS = 8;

interface Suggestion {
  /** What the text becomes. */
  text: string;
  label: string;
  hint: string;
}

/** Where one types: messages, mentions, and slash commands, with completion. */
export function Composer({ channel, thread = "" }: { channel: Channel; thread?: string }) {
  const key = `draft ${channel.id} ${thread}`;
  const [text, setText] = useState(() => sessionStorage.getItem(key) ?? "");
  const [problem, setProblem] = useState("");
  const field = useRef<HTMLTextAreaElement>(null);
  const suggestions = useSuggestions(text, thread !== "");
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() });
  const bot = useStore((state) => state.people.get(state.bot)?.name ?? "");

  const write = (value: string) => {
    setText(value);
    sessionStorage.setItem(key, value);
    combobox.openDropdown();
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: another text has other suggestions, and none is chosen
  useEffect(() => combobox.resetSelectedOption(), [text]);

  const send = async () => {
    const typed = text.trim();
    if (!typed) return;
    setProblem("");
    combobox.closeDropdown();
    if (thread && typed.startsWith("/")) {
      setProblem(`${typed.split(" ")[0]} is not supported in threads. Sorry!`);
      return;
    }
    setText("");
    sessionStorage.removeItem(key);
    const done = await deliver(typed, channel, thread, bot);
    if (done.ok) return;
    setProblem(done.error === "not_in_channel" ? "You are not in this channel." : (done.error ?? ""));
    setText(typed);
  };

  const pressed = (event: React.KeyboardEvent) => {
    const open = combobox.dropdownOpened && suggestions.length > 0;
    if (event.key === "Tab" && open && !event.shiftKey) {
      const chosen = suggestions[Math.max(0, combobox.getSelectedOptionIndex())];
      if (chosen && chosen.text !== text) {
        event.preventDefault();
        write(chosen.text);
      }
      return;
    }
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    if (open && combobox.getSelectedOptionIndex() >= 0) combobox.clickSelectedOption();
    else send();
  };

  const status = useStore((state) => state.statuses.get(`${channel.id} ${thread}`));
  const name = channel.kind === "im" ? bot : `#${channel.name}`;
  const label = thread ? "Reply" : `Message ${name}`;
  return (
    <div className="composer" id={thread ? undefined : "composer"}>
      {status && (
        <p className="status" role="status">
          {bot} {status}
        </p>
      )}
      <Combobox
        store={combobox}
        position="top-start"
        withinPortal={false}
        onOptionSubmit={(value) => {
          write(value);
          field.current?.focus();
        }}
      >
        <Combobox.Target
          withKeyboardNavigation={suggestions.length > 0}
          targetType="input"
          withExpandedAttribute={false}
        >
          <Textarea
            ref={field}
            aria-label={label}
            placeholder={label}
            value={text}
            autosize
            minRows={1}
            maxRows={8}
            onChange={(event) => write(event.currentTarget.value)}
            onBlur={() => combobox.closeDropdown()}
            onKeyDown={pressed}
            rightSectionWidth={44}
            rightSection={
              <ActionIcon aria-label="Send" color="ok" disabled={!text.trim()} onClick={send}>
                ➤
              </ActionIcon>
            }
          />
        </Combobox.Target>
        <Combobox.Dropdown hidden={suggestions.length === 0}>
          <Combobox.Options aria-label="Completions">
            {suggestions.map((one) => (
              <Combobox.Option key={one.text} value={one.text}>
                <b>{one.label}</b> <small>{one.hint}</small>
              </Combobox.Option>
            ))}
          </Combobox.Options>
        </Combobox.Dropdown>
      </Combobox>
      <p className="composer-hint" role={problem ? "alert" : undefined}>
        {problem ? <span className="problem">{problem}</span> : thread ? null : <Keys />}
      </p>
    </div>
  );
}

function Keys() {
  return (
    <>
      <kbd>Enter</kbd> sends · <kbd>Shift</kbd>+<kbd>Enter</kbd> new line · <kbd>Tab</kbd> completes
    </>
  );
}

function deliver(typed: string, channel: Channel, thread: string, bot: string) {
  const [word = ""] = typed.split(/\s/, 1);
  if (word === COMMAND) return act("command", { text: typed, channel: channel.id });
  if (word === "/invite" && typed.includes(`@${bot}`)) return act("invite", { channel: channel.id });
  if (/^\/[a-z]/.test(word)) return Promise.resolve({ ok: false, error: `${word} is not a valid command.` });
  return act("say", { text: typed, channel: channel.id, thread });
}

function useSuggestions(text: string, inThread: boolean): Suggestion[] {
  const entries = useStore((state) => state.panes.knowledge?.entries);
  const people = useStore((state) => state.people);
  const bot = useStore((state) => state.people.get(state.bot)?.name ?? "");
  return useMemo(() => {
    const prefix = [`${COMMAND} `, `@${bot} `].find((one) => text.startsWith(one));
    if (prefix) return examples(entries ?? [], prefix, text.slice(prefix.length));
    if (text.startsWith("/") && !text.includes(" ") && !inThread)
      return commands(bot).filter((one) => one.text.startsWith(text));
    const mention = /(^|\s)@([a-z0-9]*)$/.exec(text);
    if (!mention) return [];
    const names = [...people.values()].filter(
      (one) => one.id !== "USLACKBOT" && one.name.startsWith(mention[2] ?? ""),
    );
    const before = text.slice(0, text.length - (mention[2] ?? "").length);
    return names
      .sort((one, other) => Number(other.bot) - Number(one.bot))
      .map((one) => ({
        text: `${before}${one.name} `,
        label: `@${one.name}`,
        hint: one.bot ? "app" : one.group,
      }));
  }, [text, inThread, entries, people, bot]);
}

function commands(bot: string): Suggestion[] {
  return [
    { text: `${COMMAND} `, label: COMMAND, hint: "list, copy and delete files, make buckets, run workflows" },
    { text: `/invite @${bot}`, label: `/invite @${bot}`, hint: "bring the bot into this channel" },
  ];
}

/** Examples of the knowledge base that begin as what was typed. */
function examples(entries: readonly Entry[], prefix: string, typed: string): Suggestion[] {
  const wanted = typed.toLowerCase();
  const found = entries.flatMap((entry) =>
    entry.examples
      .filter(
        (example) =>
          !example.missing && example.text.toLowerCase().startsWith(wanted) && example.text !== typed,
      )
      .slice(0, wanted ? 3 : 1)
      .map((example) => ({ text: prefix + example.text, label: example.text, hint: entry.title })),
  );
  return found.slice(0, SUGGESTIONS);
}
