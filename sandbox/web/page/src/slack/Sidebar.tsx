import { Menu, UnstyledButton, useMantineColorScheme } from "@mantine/core";
import { act, connect } from "../api";
import { go, type State, useStore } from "../store";
import type { Channel, Person } from "../types";
import { Avatar } from "./Avatar";

/** The workspace: its channels, the direct message with the bot, and who one is. */
export function Sidebar() {
  const channels = useStore((state) => state.channels);
  const rooms = channels.filter((channel) => channel.kind !== "im");
  const direct = channels.filter((channel) => channel.kind === "im");
  return (
    <nav className="sidebar" aria-label="Channels">
      <div className="workspace">Local</div>
      <h2>Channels</h2>
      <ul>
        {rooms.map((channel) => (
          <Room key={channel.id} channel={channel} />
        ))}
      </ul>
      {direct.length > 0 && <h2>Apps</h2>}
      <ul>
        {direct.map((channel) => (
          <Room key={channel.id} channel={channel} />
        ))}
      </ul>
      <div className="spacer" />
      <WhoAmI />
    </nav>
  );
}

function Room({ channel }: { channel: Channel }) {
  const here = useStore((state) => state.place.channel === channel.id);
  const unread = useStore((state) => isUnread(state, channel));
  const bot = useStore((state) => state.people.get(state.bot)?.name ?? "");
  const label = channel.kind === "im" ? bot : channel.name;
  const open = () => {
    go({ channel: channel.id, side: "chat" });
    if (channel.kind === "im") act("open_app", { tab: "messages" });
  };
  return (
    <li>
      <UnstyledButton
        className={`room${here ? " here" : ""}${unread ? " unread" : ""}`}
        aria-current={here ? "page" : undefined}
        onClick={open}
      >
        <span className="hash" aria-hidden="true">
          {channel.kind === "im" ? (
            <img src="/icon.svg" alt="" width={18} height={18} />
          ) : channel.kind === "group" ? (
            "🔒"
          ) : (
            "#"
          )}
        </span>
        {label}
        {channel.shared && <small> shared</small>}
        {unread && <span className="visually-hidden"> (unread)</span>}
      </UnstyledButton>
    </li>
  );
}

function isUnread(state: State, channel: Channel): boolean {
  const last = state.messages.get(channel.id)?.at(-1);
  return last !== undefined && last.user !== state.me && last.ts > (state.seen[channel.id] ?? "");
}

/** The people of the workspace; being another one needs no sign-in here. */
function WhoAmI() {
  const me = useStore((state) => state.people.get(state.me));
  const people = useStore((state) => state.people);
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  if (!me) return null;
  const persons = [...people.values()].filter((person) => !person.bot);
  return (
    <div className="whoami">
      <Menu position="top-start" width={230} shadow="md">
        <Menu.Target>
          <UnstyledButton className="me">
            <Avatar user={me.id} size={32} />
            <span>
              <b>{me.name}</b>
              <small>{role(me)}</small>
            </span>
            <span className="visually-hidden">Be somebody else</span>
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>Be somebody else</Menu.Label>
          {persons.map((person) => (
            <Menu.Item
              key={person.id}
              leftSection={<Avatar user={person.id} size={22} />}
              rightSection={<small>{role(person)}</small>}
              onClick={() => become(person.name)}
            >
              {person.name}
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Label>Colours</Menu.Label>
          {(["light", "dark", "auto"] as const).map((scheme) => (
            <Menu.Item
              key={scheme}
              rightSection={colorScheme === scheme ? "✓" : null}
              onClick={() => setColorScheme(scheme)}
            >
              {scheme === "auto" ? "as the system" : scheme}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </div>
  );
}

export function become(name: string): void {
  go({ as: name, thread: "" });
  connect(name);
}

export function role(person: Person): string {
  return person.guest ? "other workspace" : person.group || "bot";
}
