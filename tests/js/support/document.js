// Preloaded by `node --test`. lit-html needs this function when it is imported; tests do not render templates.
Object.assign(globalThis, { document: { createTreeWalker: () => ({}) } });
