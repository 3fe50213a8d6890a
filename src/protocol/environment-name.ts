/** The name of the environment in which Vite transforms server modules. */
export const ENVIRONMENT = "orbit_api";
