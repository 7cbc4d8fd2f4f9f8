import { Button, SegmentedControl } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { Account } from "./aws/Account";
import { Fence } from "./Fence";
import { Conversation, Thread } from "./slack/Conversation";
import { Form } from "./slack/Form";
import { Sidebar } from "./slack/Sidebar";
import { go, type Place, useStore } from "./store";
import { Tour } from "./tour/Tour";

const SIDES = [
  { value: "channels", label: "Channels" },
  { value: "chat", label: "Chat" },
  { value: "aws", label: "AWS" },
];

/** Slack on the left, the account on the right; on a narrow screen one of them at a time. */
export function App() {
  const { side, aws, thread } = useStore((state) => state.place);
  const link = useStore((state) => state.link);
  const narrow = useMediaQuery("(max-width: 800px)");
  return (
    <div className={`page side-${side}${aws ? "" : " no-aws"}${thread ? " with-thread" : ""}`}>
      <a className="skip" href="#composer">
        Skip to writing a message
      </a>
      <Sidebar />
      <Fence>
        <Conversation />
      </Fence>
      <Fence>
        <Thread />
      </Fence>
      <aside className="account" aria-label="AWS">
        <header className="bar">
          <h2>
            <span className="cloud" aria-hidden="true">
              ☁
            </span>{" "}
            AWS
          </h2>
          <small className={`link ${link}`} role="status">
            {link === "live"
              ? "live"
              : link === "connecting"
                ? "connecting …"
                : "The sandbox has ended, or does not answer"}
          </small>
          <Button size="compact-xs" variant="subtle" className="hide-aws" onClick={() => go({ aws: false })}>
            Hide
          </Button>
        </header>
        {!narrow && <Tour />}
        <Fence>
          <Account />
        </Fence>
      </aside>
      {!aws && (
        <Button className="show-aws" size="xs" onClick={() => go({ aws: true })}>
          Show AWS
        </Button>
      )}
      <div className="switch">
        {narrow && <Tour />}
        <SegmentedControl
          fullWidth
          aria-label="What to show"
          data={SIDES}
          value={side}
          onChange={(value) => go({ side: value as Place["side"] })}
        />
      </div>
      <Form />
    </div>
  );
}
