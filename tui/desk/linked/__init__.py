"""One person, wherever the records lie: the same customer at the profiles that this one is linked to."""
