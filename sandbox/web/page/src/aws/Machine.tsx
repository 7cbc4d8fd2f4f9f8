import { graphlib, layout } from "@dagrejs/dagre";
import { useMemo } from "react";
import type { Machine as Definition, MachineState } from "../types";

export type Light = "to_come" | "running" | "done" | "failed";

interface Props {
  definition: Definition;
  lights: ReadonlyMap<string, Light>;
  chosen: string;
  choose: (state: string) => void;
}

const HEIGHT = 34;
const LETTER = 7.3;
const WORDS: Record<Light, string> = {
  to_come: "to come",
  running: "running",
  done: "done",
  failed: "failed",
};

/** A state machine as a graph, laid out by dagre; its states light up as they run. */
export function Machine({ definition, lights, chosen, choose }: Props) {
  const graph = useMemo(() => drawn(definition), [definition]);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset draws no graph
    <svg
      className="machine"
      viewBox={`0 0 ${graph.width} ${graph.height}`}
      style={{ maxWidth: graph.width }}
      role="group"
      aria-label="State machine"
    >
      <defs>
        <marker
          id="arrow"
          viewBox="0 0 8 8"
          refX="7"
          refY="4"
          markerUnits="userSpaceOnUse"
          markerWidth="9"
          markerHeight="9"
          orient="auto"
        >
          <path d="M0 0 8 4 0 8z" />
        </marker>
      </defs>
      {graph.edges.map((edge) => (
        <path
          key={`${edge.from} ${edge.to}`}
          className={`edge ${edge.kind}${went(lights, edge.from, edge.to) ? " went" : ""}`}
          d={edge.path}
          markerEnd="url(#arrow)"
        />
      ))}
      {graph.nodes.map((node) => {
        const light = lights.get(node.name) ?? "to_come";
        return (
          // biome-ignore lint/a11y/useSemanticElements: there are no buttons in SVG
          <g
            key={node.name}
            className={`state ${light}${chosen === node.name ? " chosen" : ""}`}
            transform={`translate(${node.x - node.width / 2} ${node.y - HEIGHT / 2})`}
            role="button"
            tabIndex={0}
            aria-pressed={chosen === node.name}
            aria-label={`${node.name}: ${WORDS[light]}`}
            onClick={() => choose(node.name)}
            onKeyDown={(event) => {
              if (event.key !== "Enter" && event.key !== " ") return;
              event.preventDefault();
              choose(node.name);
            }}
          >
            <rect width={node.width} height={HEIGHT} rx={8} />
            <text x={node.width / 2} y={HEIGHT / 2 + 4.5} textAnchor="middle">
              {node.name}
            </text>
          </g>
        );
      })}
    </svg>
  );
}

function went(lights: ReadonlyMap<string, Light>, from: string, to: string): boolean {
  return lights.has(from) && lights.get(from) !== "to_come" && lights.has(to) && lights.get(to) !== "to_come";
}

interface Edge {
  from: string;
  to: string;
  kind: "next" | "catch";
  path: string;
}

function drawn(definition: Definition) {
  const graph = new graphlib.Graph();
  graph.setGraph({ rankdir: "TB", nodesep: 26, ranksep: 30, marginx: 6, marginy: 6 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const name of Object.keys(definition.States))
    graph.setNode(name, { width: name.length * LETTER + 24, height: HEIGHT });
  for (const [name, state] of Object.entries(definition.States)) {
    for (const next of nexts(state)) graph.setEdge(name, next, { kind: "next", weight: 4 });
    for (const { Next } of state.Catch ?? [])
      if (!graph.hasEdge(name, Next)) graph.setEdge(name, Next, { kind: "catch", weight: 1 });
  }
  layout(graph);
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number };
  return {
    width,
    height,
    nodes: graph.nodes().map((name: string) => {
      const { x, y, width: wide } = graph.node(name) as { x: number; y: number; width: number };
      return { name, x, y, width: wide };
    }),
    edges: graph.edges().map(({ v, w }: { v: string; w: string }): Edge => {
      const edge = graph.edge(v, w) as { kind: "next" | "catch"; points: { x: number; y: number }[] };
      return { from: v, to: w, kind: edge.kind, path: curve(edge.points) };
    }),
  };
}

/** Where a state goes when all is well. */
function nexts(state: MachineState): string[] {
  const chosen = (state.Choices ?? []).map((choice) => choice.Next);
  return [...new Set([state.Next, ...chosen, state.Default].filter((name) => name !== undefined))];
}

/** A smooth line through dagre's points. */
function curve(points: { x: number; y: number }[]): string {
  const [first, ...rest] = points;
  const last = rest.at(-1);
  if (!first || !last) return "";
  let path = `M${first.x} ${first.y}`;
  for (let index = 0; index < rest.length - 1; index += 1) {
    const here = rest[index];
    const next = rest[index + 1];
    if (!here || !next) continue;
    const end = index === rest.length - 2 ? next : { x: (here.x + next.x) / 2, y: (here.y + next.y) / 2 };
    path += ` Q${here.x} ${here.y} ${end.x} ${end.y}`;
  }
  return rest.length === 1 ? `${path} L${last.x} ${last.y}` : path;
}
