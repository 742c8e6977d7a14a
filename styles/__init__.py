"""One .tcss file a screen or widget family, and the themes."""
