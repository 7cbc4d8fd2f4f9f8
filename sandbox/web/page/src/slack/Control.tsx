import {
  Button,
  Checkbox,
  type ComboboxItem,
  Menu,
  Modal,
  MultiSelect,
  type OptionsFilter,
  Radio,
  Select,
  Stack,
  Textarea,
  TextInput,
} from "@mantine/core";
import { useDebouncedCallback, useDisclosure } from "@mantine/hooks";
import { useEffect, useRef, useState } from "react";
import { useStore } from "../store";
import type { Element, Option } from "../types";
import { Written } from "./Still";

interface Props {
  element: Element;
  use: (chosen?: unknown) => void;
  busy?: boolean;
  /** Of an input in a modal. */
  label?: string;
  description?: string;
  required?: boolean;
  error?: string;
  /** Options of an external select for what was typed. */
  suggest?: (query: string) => Promise<Option[]>;
}

/** One element of Block Kit that can be used, made of the UI kit's parts. */
export function Control(props: Props) {
  const { element, use } = props;
  const [asking, dialog] = useDisclosure(false);
  const [chosen, choose] = useState<unknown>();
  const confirmed = (value?: unknown) => {
    if (!element.confirm) return use(value);
    choose(value);
    dialog.open();
  };
  return (
    <>
      <Bare {...props} use={confirmed} />
      {element.confirm && (
        <Modal
          opened={asking}
          onClose={dialog.close}
          title={element.confirm.title.text}
          size="sm"
          centered
          closeButtonProps={{ "aria-label": "Close" }}
        >
          <div className="confirm-text">
            <Written text={element.confirm.text} />
          </div>
          <div className="dialog-buttons">
            <Button variant="default" onClick={dialog.close}>
              {element.confirm.deny.text}
            </Button>
            <Button
              color={element.confirm.style === "danger" ? "bad" : "ok"}
              onClick={() => {
                dialog.close();
                use(chosen);
              }}
            >
              {element.confirm.confirm.text}
            </Button>
          </div>
        </Modal>
      )}
    </>
  );
}

function Bare(props: Props) {
  const { element, use, busy = false } = props;
  switch (element.type) {
    case "button":
      return (
        <Button
          size="xs"
          variant={element.style ? "filled" : "default"}
          color={element.style === "danger" ? "bad" : "ok"}
          disabled={busy}
          onClick={() => use()}
        >
          {element.text?.text}
        </Button>
      );
    case "overflow":
      return <Overflow {...props} />;
    case "radio_buttons":
      return <Radios {...props} />;
    case "checkboxes":
      return <Checkboxes {...props} />;
    case "external_select":
      return <Live {...props} />;
    case "multi_external_select":
      return <LiveSeveral {...props} />;
    default:
      return element.type.includes("select") ? <Choice {...props} /> : <Field {...props} />;
  }
}

/** What every field of a form has in common. */
function asField({ label, description, required, error, element }: Props) {
  return {
    label,
    description,
    error,
    withAsterisk: required,
    placeholder: element.placeholder?.text ?? "",
    "aria-label": label ? undefined : (element.placeholder?.text ?? "Choose"),
  };
}

function useOptions(element: Element): Option[] {
  const people = useStore((state) => state.people);
  const channels = useStore((state) => state.channels);
  if (element.type.endsWith("users_select"))
    return [...people.values()].filter((p) => !p.bot).map((p) => option(p.name, p.id));
  if (element.type.endsWith("channels_select") || element.type.endsWith("conversations_select"))
    return channels.filter((c) => c.kind !== "im").map((c) => option(`#${c.name}`, c.id));
  return element.options ?? element.option_groups?.flatMap((group) => group.options) ?? [];
}

function option(text: string, value: string): Option {
  return { text: { type: "plain_text", text }, value };
}

function Choice(props: Props) {
  const { element, use, busy } = props;
  const options = useOptions(element);
  const data = options.map(({ text, value }) => ({ label: text.text, value }));
  const find = (value: string) => options.find((one) => one.value === value);
  if (element.type.startsWith("multi_"))
    return (
      <MultiSelect
        {...asField(props)}
        data={data}
        searchable
        defaultValue={element.initial_options?.map(({ value }) => value) ?? []}
        onChange={(values) => use(values.map(find))}
        disabled={busy ?? false}
      />
    );
  return (
    <Select
      {...asField(props)}
      data={data}
      searchable={data.length > 8}
      allowDeselect={!props.required}
      defaultValue={element.initial_option?.value ?? null}
      onChange={(value) => use(value === null ? null : find(value))}
      disabled={busy ?? false}
    />
  );
}

/** The options that the bot gives while one types: none before the query is as long as the element wants it. */
function useLive({ element, suggest }: Props) {
  const wanted = element.min_query_length ?? 3;
  const [options, setOptions] = useState<Option[]>([]);
  const asked = useRef("");
  const ask = useDebouncedCallback(async (query: string) => {
    asked.current = query;
    if (!suggest) return;
    const found = query.length >= wanted ? await suggest(query) : [];
    if (asked.current === query) setOptions(found); // an answer may come after that to a later query
  }, 150);
  useEffect(() => {
    if (wanted === 0) ask("");
  }, [wanted, ask]);
  return { options, ask };
}

/** The bot has chosen already what fits the query. */
const everything: OptionsFilter = ({ options }) => options;

const LIVE = {
  searchable: true,
  filter: everything,
  nothingFoundMessage: "Nothing found",
} as const;

/** A select whose options the bot gives while one types. */
function Live(props: Props) {
  const { element, use, busy } = props;
  const { options, ask } = useLive(props);
  const [chosen, choose] = useState<Option | null>(element.initial_option ?? null);
  const known = [...options, ...(chosen ? [chosen] : [])];
  return (
    <Select
      {...asField(props)}
      {...LIVE}
      data={asData(known)}
      value={chosen?.value ?? null}
      onSearchChange={ask}
      disabled={busy ?? false}
      onChange={(value) => {
        const option = known.find((one) => one.value === value) ?? null;
        choose(option);
        use(option);
      }}
    />
  );
}

/** The same, where several may be chosen. */
function LiveSeveral(props: Props) {
  const { element, use, busy } = props;
  const { options, ask } = useLive(props);
  const [chosen, choose] = useState<Option[]>(element.initial_options ?? []);
  const known = [...options, ...chosen];
  return (
    <MultiSelect
      {...asField(props)}
      {...LIVE}
      data={asData(known)}
      value={chosen.map(({ value }) => value)}
      maxValues={element.max_selected_items ?? Number.POSITIVE_INFINITY}
      onSearchChange={ask}
      disabled={busy ?? false}
      onChange={(values) => {
        const several = values.flatMap((value) => known.find((one) => one.value === value) ?? []);
        choose(several);
        use(several);
      }}
    />
  );
}

/** Options as the kit has them, each once. */
function asData(options: readonly Option[]): ComboboxItem[] {
  const labels = new Map(options.map(({ text, value }) => [value, text.text]));
  return [...labels].map(([value, label]) => ({ value, label }));
}

function Overflow({ element, use, busy }: Props) {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button size="xs" variant="default" aria-label="More actions" disabled={busy ?? false}>
          •••
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {element.options?.map((one) => (
          <Menu.Item key={one.value} onClick={() => use(one)}>
            {one.text.text}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function Radios(props: Props) {
  const { element, use } = props;
  return (
    <Radio.Group
      {...asField(props)}
      defaultValue={element.initial_option?.value ?? null}
      onChange={(value) => use(element.options?.find((one) => one.value === value))}
    >
      <Stack gap={4} mt={4}>
        {element.options?.map((one) => (
          <Radio key={one.value} value={one.value} label={one.text.text} />
        ))}
      </Stack>
    </Radio.Group>
  );
}

function Checkboxes(props: Props) {
  const { element, use } = props;
  return (
    <Checkbox.Group
      {...asField(props)}
      defaultValue={element.initial_options?.map(({ value }) => value) ?? []}
      onChange={(values) => use(element.options?.filter((one) => values.includes(one.value)))}
    >
      <Stack gap={4} mt={4}>
        {element.options?.map((one) => (
          <Checkbox key={one.value} value={one.value} label={one.text.text} />
        ))}
      </Stack>
    </Checkbox.Group>
  );
}

const KINDS: Record<string, string> = {
  number_input: "number",
  email_text_input: "email",
  url_text_input: "url",
  datepicker: "date",
  timepicker: "time",
};

function Field(props: Props) {
  const { element, use } = props;
  const start = element.initial_value ?? element.initial_date ?? element.initial_time ?? "";
  const field = {
    ...asField(props),
    defaultValue: start,
    onChange: (event: { currentTarget: { value: string } }) => use(event.currentTarget.value),
  };
  if (element.multiline) return <Textarea {...field} autosize minRows={3} />;
  return <TextInput {...field} type={KINDS[element.type] ?? "text"} />;
}
