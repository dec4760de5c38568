import "@fontsource-variable/vazirmatn/index.css";
import "./theme.css";
import "./layout.css";
import "./chat.css";
import "./inspector.css";
import { render } from "preact";
import { App } from "./app.jsx";

const place = document.getElementById("app");
if (place !== null) render(<App />, place);
