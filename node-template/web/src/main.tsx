import { render } from "preact";
import { App } from "./app.js";
import { applyTheme, chosenTheme } from "./theme.js";
import "./style.css";

applyTheme(chosenTheme());
const place = document.getElementById("page");
if (place !== null) render(<App />, place);
