// Numbers and times as people read them.

export function bytes(count: number): string {
  const units = ["bytes", "KB", "MB", "GB", "TB"];
  let size = count;
  let unit = 0;
  while (size >= 1024 && unit < units.length - 1) {
    size /= 1024;
    unit += 1;
  }
  return unit === 0 ? `${count} bytes` : `${size < 10 ? size.toFixed(1) : Math.round(size)} ${units[unit]}`;
}

export function clock(seconds: number): string {
  return new Date(seconds * 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
}

export function clockWithSeconds(seconds: number): string {
  return new Date(seconds * 1000).toLocaleTimeString([], {
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  });
}

export function moment(seconds: number): string {
  return new Date(seconds * 1000).toLocaleString([], { dateStyle: "full", timeStyle: "medium" });
}

export function duration(seconds: number): string {
  return seconds < 10 ? `${seconds.toFixed(1)} s` : `${Math.round(seconds)} s`;
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
