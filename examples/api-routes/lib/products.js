export const products = [
  { id: "comet", name: "Comet in a jar", cents: 1900 },
  { id: "moon", name: "Pocket moon", cents: 4200 },
  { id: "orbit", name: "Spare orbit", cents: 700 },
];
