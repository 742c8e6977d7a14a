"""A team's one memory: its server (`tui.team.server`), and the small client with which a desk speaks to it."""
