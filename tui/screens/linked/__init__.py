"""One person at several profiles, as the screen shows and edits it."""
