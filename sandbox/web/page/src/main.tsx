import "@mantine/core/styles.css";
import "slack-blocks-to-jsx/dist/style.css";
import "./page.css";
import { MantineProvider } from "@mantine/core";
import { createRoot } from "react-dom/client";
import { App } from "./App";
import { connect } from "./api";
import { now } from "./store";
import { theme } from "./theme";

const place = document.getElementById("page");
if (place)
  createRoot(place).render(
    <MantineProvider theme={theme} defaultColorScheme="auto">
      <App />
    </MantineProvider>,
  );
connect(now().place.as);
