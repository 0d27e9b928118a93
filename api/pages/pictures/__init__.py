"""Pictures that are drawn here: a map of flows, bars. SVG, in the colours of the page."""
