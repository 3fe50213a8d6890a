/** What is used of cytoscape: its own types cannot be found from ES modules. */
declare module "cytoscape" {
  interface Core {
    add(elements: readonly object[]): void;
    elements(): { remove(): void };
    getElementById(id: string): {
      select(): void;
      unselect(): void;
      addClass(name: string): void;
      removeClass(name: string): void;
      readonly length: number;
    };
    on(
      events: string,
      selector: string,
      listener: (event: {
        readonly target: {
          id(): string;
          data(name: string): unknown;
          connectedEdges(): { addClass(name: string): void; removeClass(name: string): void };
        };
      }) => void,
    ): void;
    batch(change: () => void): void;
    style(sheet: readonly object[]): void;
    fit(elements?: undefined, padding?: number): void;
    zoom(): number;
    zoom(level: number): void;
    center(): void;
    resize(): void;
    destroy(): void;
  }
  export default function cytoscape(options: object): Core;
}
