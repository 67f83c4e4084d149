"""Pictures as data: layouts, colours, words inside them, SVG without a browser."""
