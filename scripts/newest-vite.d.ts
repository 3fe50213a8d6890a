export function findNewestVite(): string | undefined;
export function installNewestVite(): void;
