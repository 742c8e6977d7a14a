"""The desk's one screen: its panes, its bars, its commands."""
