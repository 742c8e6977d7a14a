"""The same remark or follow-ups on all that are marked."""
