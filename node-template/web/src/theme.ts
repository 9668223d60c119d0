import { recall, remember } from "./storage.js";

/** Light or dark: that of the system until the user chooses. */
export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

const KEY = "tephra:theme";

/** The last chosen theme. */
export function chosenTheme(): Theme {
  const stored = recall(KEY);
  return THEMES.find((theme) => theme === stored) ?? "system";
}

/** Shows the page in a theme, and stores it. */
export function applyTheme(theme: Theme): void {
  remember(KEY, theme);
  if (theme === "system") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = theme;
}
