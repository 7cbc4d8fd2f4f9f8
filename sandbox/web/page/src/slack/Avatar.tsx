import { useStore } from "../store";

const COLOURS = ["#8a3ffc", "#b0452c", "#0f6b8f", "#2c7a3f", "#8c5a00", "#a2337a"];

/** A person's picture: their initial on a colour of their own. */
export function Avatar({ user, size = 36 }: { user: string; size?: number }) {
  const person = useStore((state) => state.people.get(user));
  const name = person?.name ?? user;
  const style = { width: size, height: size, fontSize: size * 0.5 };
  if (person?.bot && user !== "USLACKBOT")
    return <img className="avatar" src="/icon.svg" alt="" style={style} />;
  const hue = user === "USLACKBOT" ? "#4a154b" : COLOURS[sum(name) % COLOURS.length];
  return (
    <span className="avatar" style={{ ...style, background: hue }} aria-hidden="true">
      {name.charAt(0).toUpperCase()}
    </span>
  );
}

function sum(text: string): number {
  let total = 0;
  for (const letter of text) total += letter.charCodeAt(0);
  return total;
}
