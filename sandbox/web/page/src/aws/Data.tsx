import { Code } from "@mantine/core";

/** Data as indented JSON, behind a heading that opens it. */
export function Data({ title, data, open = false }: { title: string; data: unknown; open?: boolean }) {
  if (data === undefined || data === null || data === "") return null;
  const text = typeof data === "string" ? data : JSON.stringify(data, null, 2);
  return (
    <details className="data" open={open}>
      <summary>{title}</summary>
      <Code block tabIndex={0}>
        {text}
      </Code>
    </details>
  );
}
