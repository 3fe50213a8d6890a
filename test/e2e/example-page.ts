import type { Locator, Page } from "playwright-core";
import { DevProgram } from "../cli/orbiton.ts";
import { copyExample, type Project } from "../cli/project.ts";
import { openPage } from "./browser.ts";

/** The example app in a browser, served by `orbiton dev` from a copy that can be edited. */
export class ExamplePage {
  readonly project: Project;
  readonly page: Page;

  private constructor(project: Project, page: Page) {
    this.project = project;
    this.page = page;
  }

  static async open(): Promise<ExamplePage> {
    const project = copyExample();
    const server = await DevProgram.start(project.root);
    return new ExamplePage(project, await openPage(server.url));
  }

  /** Press a button of a card. */
  async press(title: string, button: string): Promise<void> {
    await this.card(title).getByRole("button", { name: button, exact: true }).click();
  }

  /** What a card shows now. */
  async answer(title: string): Promise<string> {
    return this.card(title).locator("output").innerText();
  }

  card(title: string): Locator {
    const heading = this.page.getByRole("heading", { name: title, exact: true });
    return this.page.locator("article").filter({ has: heading });
  }

  /** Put aside what covers the page as soon as a save is broken. */
  async dismissError(): Promise<void> {
    const card = this.page.locator("orbit-overlay .card");
    await card.waitFor();
    await this.page.keyboard.press("Escape");
    await card.waitFor({ state: "detached" });
  }

  /** Leave a mark that is gone when the page is loaded again. */
  async mark(): Promise<void> {
    await this.page.evaluate(() => Object.assign(window, { isMarked: true }));
  }

  async isStillMarked(): Promise<boolean> {
    return this.page.evaluate(() => "isMarked" in window);
  }
}
